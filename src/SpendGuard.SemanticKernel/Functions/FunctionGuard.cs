using Microsoft.SemanticKernel;

namespace SpendGuard.SemanticKernel.Functions;

/// <summary>Attributes what is called inside of kernel functions to them, and has the functions keep their tool budgets.</summary>
internal sealed class FunctionGuard(AgentId agent, SpendGuardEngine engine, ToolBudgets budgets)
{
    private bool _toldOfStrays;

    /// <summary>Counts a call of a function and holds its price. Only then may it be run.</summary>
    /// <returns>The hold; null for a function without a price.</returns>
    /// <exception cref="BudgetRefusedException">The function may not be called again, or its price does not fit the budget.</exception>
    /// <exception cref="InvalidOperationException">A filter between this and the function could run it again for the same price.</exception>
    public async ValueTask<ReservedToolCall?> ReserveAsync(Kernel kernel, KernelFunction function, CancellationToken cancellationToken)
    {
        if (budgets.Find(function) is not { } budget)
        {
            TellOfStrays(kernel, function);
            return null;
        }

        RequireInnermost(kernel, function);
        var scope = SpendGuardScope.Current;
        var caller = scope?.Agent ?? agent;
        var name = FunctionName.Of(function);
        if (!budget.TryCount(kernel))
        {
            throw new CallLimitException(
                name, budget.MaxCalls!.Value, caller, await engine.FindBudgetAsync(caller, cancellationToken));
        }

        return budget.Price == Money.Zero
            ? null
            : await engine.ReserveAsync(
                new ToolCall { Agent = caller, Run = scope?.Run, Tool = name, Price = budget.Price }, cancellationToken);
    }

    /// <summary>
    /// Says once that a tool budget is nobody's, when a function runs that has none: it may be that one's, misspelt. Not before, as plug-ins may
    /// come after the kernel was made; nor as an error, as one set of budgets may be for kernels with different plug-ins.
    /// </summary>
    private void TellOfStrays(Kernel kernel, KernelFunction function)
    {
        if (budgets.Any && !_toldOfStrays
            && budgets.WithoutFunction(kernel).ToList() is [_, ..] strays && !Interlocked.Exchange(ref _toldOfStrays, true))
        {
            Log.StrayToolBudgets(engine.Logger, FunctionName.Of(function), string.Join(", ", strays));
        }
    }

    /// <summary>Filters run from the first to the last, which is the nearest to the function.</summary>
    private static void RequireInnermost(Kernel kernel, KernelFunction function)
    {
        if (kernel.FunctionInvocationFilters is [.., not FunctionFilter and var inner])
        {
            throw new InvalidOperationException(
                $"The function '{FunctionName.Of(function)}' has a price or a limit, and the filter {inner.GetType()} stands between SpendGuard and it:"
                + " it could run the function again for nothing. Register the filter before AddSpendGuard, or insert it at the front of"
                + " Kernel.FunctionInvocationFilters.");
        }
    }

    /// <summary>Ends the hold of a function that has failed: whether it was billed by then, nobody can tell.</summary>
    public static async ValueTask ForfeitAsync(ReservedToolCall? reserved, Exception failure)
    {
        if (reserved is not null)
        {
            await reserved.ForfeitAsync($"the function failed with {failure.GetType().Name}");
        }
    }
}
