#pragma warning disable SKEXP0001 // That a function of the abstractions can be a kernel's is experimental.

using System.Diagnostics.CodeAnalysis;
using Microsoft.SemanticKernel;
using SpendGuard.Extensions.AI;

namespace SpendGuard.SemanticKernel.Functions;

/// <summary>The plug-in by which a model reads its agent's budget.</summary>
internal sealed class BudgetPlugin : KernelPlugin
{
    private readonly KernelFunction _function;

    public BudgetPlugin(SpendGuardEngine engine, AgentId agent)
        : base("spendguard") => _function = BudgetFunction.Create(engine, () => agent.Value).AsKernelFunction().Clone(Name);

    public override int FunctionCount => 1;

    public override bool TryGetFunction(string name, [NotNullWhen(true)] out KernelFunction? function)
    {
        function = string.Equals(name, _function.Name, StringComparison.OrdinalIgnoreCase) ? _function : null;
        return function is not null;
    }

    public override IEnumerator<KernelFunction> GetEnumerator()
    {
        yield return _function;
    }
}
