using System.Text.Json;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Control.Tree;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Control;

/// <summary>The routes that set and show budgets.</summary>
internal static class BudgetEndpoints
{
    public static void MapBudgets(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/agents/{agent}/budget", async (string agent, HttpContext context, Admission caller, SidecarSettings settings) =>
        {
            using var body = await RequestBody.ReadOptionalAsync(context, settings.MaxRequestBytes);
            var change = BudgetChange.Read(body.RootElement);
            var id = AgentEndpoints.Id(agent);
            if (await caller.Engine.FindAgentAsync(id, context.RequestAborted) is null)
            {
                throw NotFound.Agent(agent);
            }

            var (budget, added) = await caller.Engine.GrantAsync(
                id, change.HardLimit, change.TopUp, change.MaxInFlight, change.MaxCallShare, IdempotencyKey.Of(context), change.OnExhausted, context.RequestAborted);
            return await AnswerAsync(caller.Engine, budget, added, context.RequestAborted);
        }).Accepts<BudgetRequest>("application/json").Produces<BudgetBody>().Allow(AccessRule.Admin);

        routes.MapGet("/v1/agents/{agent}/budget", async (string agent, HttpContext context, Admission caller) =>
        {
            var id = AgentEndpoints.Id(agent);
            return await caller.Engine.FindBudgetAsync(id, context.RequestAborted) is { Closed: false } budget
                ? await AnswerAsync(caller.Engine, budget, added: null, context.RequestAborted)
                : throw NotFound.Budget(id, await caller.Engine.FindPathAsync(id, context.RequestAborted));
        }).Produces<BudgetBody>().Allow(AccessRule.Read);
    }

    private static async Task<IResult> AnswerAsync(SpendGuardEngine engine, Budget budget, Money? added, CancellationToken cancellationToken)
    {
        var inFlight = budget.InFlight > 0 ? await engine.ListInFlightAsync(budget.Agent, cancellationToken) : [];
        var body = BudgetBody.Of(budget, inFlight) with { AddedMicrocents = added?.Microcents };

        // Of a call that named no run its hold's id: scripts for the original, where each call has a run, take none for a budget that is not locked.
        return TypedResults.Json(inFlight is [{ Run: null } first, ..] ? body with { LockedRunId = first.Id.Value } : body, ControlJson.Default.BudgetBody);
    }

    private sealed record BudgetChange(Money HardLimit, Money TopUp, int? MaxInFlight, int? MaxCallShare, LimitAction? OnExhausted)
    {
        public static BudgetChange Read(JsonElement body) => new(
            body.FindAmount("hard_limit", least: 1) ?? throw new BadRequestException("'hard_limit_cents' is missing."),
            body.FindAmount("topup") ?? Money.Zero,
            body.FindCount("max_in_flight", least: 1) is { } calls ? (int)Math.Min(calls, int.MaxValue) : null,
            ShareOf(body),
            ActionName.Find(body, "on_exhausted"));

        private static int? ShareOf(JsonElement body) => body.FindCount("max_call_share_percent", least: 1) switch
        {
            null => null,
            <= 100 and var percent => (int)percent,
            _ => throw new BadRequestException("'max_call_share_percent' has to be a whole number of at most 100."),
        };
    }
}
