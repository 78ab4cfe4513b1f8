using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Control;

/// <summary>The routes that read the ledger, page by page.</summary>
internal static class LedgerEndpoints
{
    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/ledger", async (string? after, string? limit, HttpContext context, Admission caller) =>
            TypedResults.Json(await ReadAsync(caller.Engine, agent: null, after, limit, context.RequestAborted), ControlJson.Default.LedgerPage))
            .Produces<LedgerPage>().DescribePage("The sequence of the last entry that is known already.", PageQuery.Whole(0, 0, null)).Allow(AccessRule.Admin);

        routes.MapGet("/v1/agents/{agent}/ledger", async (string agent, string? after, string? limit, HttpContext context, Admission caller) =>
        {
            var engine = caller.Engine;
            var id = AgentEndpoints.Id(agent);
            var page = await ReadAsync(engine, id, after, limit, context.RequestAborted);

            // The ledger of a deleted agent stays; one that has none was never there, or has no budget yet.
            return page.Entries.Count > 0
                || await engine.FindAgentAsync(id, context.RequestAborted) is not null
                || (await ReadAsync(engine, id, after: null, limit: "1", context.RequestAborted)).Entries.Count > 0
                    ? TypedResults.Json(page, ControlJson.Default.LedgerPage)
                    : throw NotFound.Agent(agent);
        }).Produces<LedgerPage>().DescribePage("The sequence of the last entry that is known already.", PageQuery.Whole(0, 0, null)).Allow(AccessRule.Read);
    }

    private static async Task<LedgerPage> ReadAsync(
        SpendGuardEngine engine, AgentId? agent, string? after, string? limit, CancellationToken cancellationToken)
    {
        var known = PageQuery.Number("after", after, 0, least: 0, most: long.MaxValue);
        var most = PageQuery.Limit(limit);
        var entries = new List<LedgerEntryBody>(most);
        await foreach (var entry in engine.ReadLedgerAsync(agent, known, cancellationToken))
        {
            if (entries.Count == most)
            {
                return new LedgerPage(entries, entries[^1].Sequence, HasMore: true);
            }

            entries.Add(LedgerEntryBody.Of(entry));
        }

        return new LedgerPage(entries, entries.Count > 0 ? entries[^1].Sequence : known, HasMore: false);
    }
}
