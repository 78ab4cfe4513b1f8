using System.Text.Json;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>The function <c>get_budget</c>.</summary>
internal sealed class GetBudget(SpendGuardEngine engine, CallingAgent agent) : AIFunction
{
    private static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{},"additionalProperties":false}""");

    public override string Name => "get_budget";

    public override string Description =>
        "Tells the budget that your own model calls and tools are paid from: its limit, what is spent, what calls in flight hold and what is left.";

    public override JsonElement JsonSchema => NoParameters;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var caller = agent.Of(agent.Now(), CarriedAgent.Of(FunctionInvokingChatClient.CurrentContext?.Options));
        var id = caller.Agent!.Value;
        var budget = await engine.FindBudgetAsync(id, cancellationToken);
        var told = new ToldBudgets(id.Value, budget is null ? null : ToldBudget.Of(budget), [.. Runs(caller.CappedRun).Select(ToldRun.Of)]);
        return JsonSerializer.SerializeToElement(told, ToldJson.Default.ToldBudgets);
    }

    /// <summary>The innermost one first.</summary>
    private static IEnumerable<SpendGuardRun> Runs(SpendGuardRun? innermost)
    {
        for (var run = innermost; run is not null; run = run.Outer)
        {
            yield return run;
        }
    }
}
