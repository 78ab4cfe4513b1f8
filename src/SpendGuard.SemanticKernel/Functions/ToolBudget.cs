using System.Runtime.CompilerServices;
using Microsoft.SemanticKernel;

namespace SpendGuard.SemanticKernel.Functions;

/// <summary>What a kernel function costs, and how often a kernel may call it.</summary>
internal sealed class ToolBudget(Money price, int? maxCalls)
{
    // By kernel, and weakly, because a host makes a kernel for each request.
    private readonly ConditionalWeakTable<Kernel, StrongBox<int>> _calls = [];

    public Money Price { get; } = price;

    public int? MaxCalls { get; } = maxCalls;

    /// <summary>Counts a call; false when there have been as many as there may be.</summary>
    public bool TryCount(Kernel kernel) =>
        MaxCalls is not { } limit || Interlocked.Increment(ref _calls.GetValue(kernel, static _ => new StrongBox<int>()).Value) <= limit;
}
