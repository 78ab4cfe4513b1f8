using Microsoft.SemanticKernel;

namespace SpendGuard.SemanticKernel.Functions;

/// <summary>Attributes what is called inside of kernel functions to them, and has the functions keep their tool budgets.</summary>
internal sealed class FunctionGuard(AgentId agent, SpendGuardEngine engine, ToolBudgets budgets)
{
    /// <summary>Counts a call of a function and holds its price. Only then may it be run.</summary>
    /// <returns>The hold; null for a function without a price.</returns>
    /// <exception cref="BudgetRefusedException">The function may not be called again, or its price does not fit the budget.</exception>
    public async ValueTask<ReservedToolCall?> ReserveAsync(Kernel kernel, KernelFunction function, CancellationToken cancellationToken)
    {
        if (budgets.Find(function) is not { } budget)
        {
            return null;
        }

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

    /// <summary>Ends the hold of a function that has failed: whether it was billed by then, nobody can tell.</summary>
    public static async ValueTask ForfeitAsync(ReservedToolCall? reserved, Exception failure)
    {
        if (reserved is not null)
        {
            await reserved.ForfeitAsync($"the function failed with {failure.GetType().Name}");
        }
    }
}
