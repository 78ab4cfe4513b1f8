using System.Text.Json.Serialization;
using SpendGuard.Budgets;

namespace SpendGuard.Extensions.AI;

/// <summary>What <c>get_budget</c> tells.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Budget">Its budget; null where it has none.</param>
/// <param name="Runs">The runs with a cap that it is within, the innermost first.</param>
internal sealed record ToldBudgets(string Agent, ToldBudget? Budget, IReadOnlyList<ToldRun> Runs);

/// <summary>A run with a cap.</summary>
/// <param name="Run">Its id.</param>
/// <param name="Budget">What it may cost, and what of it is left.</param>
internal sealed record ToldRun(string Run, ToldBudget Budget)
{
    public static ToldRun Of(SpendGuardRun run) => new(run.Id.Value, ToldBudget.Of(run.Budget));
}

/// <summary>A budget. What is granted is what is spent, held and left together.</summary>
internal sealed record ToldBudget(ToldAmount Limit, ToldAmount Granted, ToldAmount Spent, ToldAmount Held, ToldAmount Left)
{
    public static ToldBudget Of(Budget budget) => new(
        ToldAmount.Of(budget.HardLimit),
        ToldAmount.Of(budget.Granted),
        ToldAmount.Of(budget.Spent),
        ToldAmount.Of(budget.Held),
        ToldAmount.Of(budget.Available));
}

/// <summary>An amount, exact in both.</summary>
internal sealed record ToldAmount(decimal Dollars, long Microcents)
{
    public static ToldAmount Of(Money amount) => new(amount.ToDollars(), amount.Microcents);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ToldBudgets))]
internal sealed partial class ToldJson : JsonSerializerContext;
