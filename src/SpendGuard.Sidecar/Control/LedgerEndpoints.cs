using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Control;

/// <summary>The routes that read the ledger, page by page.</summary>
internal static class LedgerEndpoints
{
    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/ledger", async ([AsParameters] LedgerQuery query, HttpContext context, Admission caller) =>
            TypedResults.Json(await ReadAsync(caller.Engine, agent: null, query, context.RequestAborted), ControlJson.Default.LedgerPage))
            .Produces<LedgerPage>().DescribeLedger().Allow(AccessRule.Admin);

        routes.MapGet("/v1/agents/{agent}/ledger", async (string agent, [AsParameters] LedgerQuery query, HttpContext context, Admission caller) =>
        {
            var engine = caller.Engine;
            var id = AgentEndpoints.Id(agent);
            var page = await ReadAsync(engine, id, query, context.RequestAborted);

            // The ledger of a deleted agent stays; one that has none was never there, or has no budget yet.
            return page.Entries.Count > 0
                || await engine.FindAgentAsync(id, context.RequestAborted) is not null
                || (await ReadAsync(engine, id, new LedgerQuery { Limit = "1" }, context.RequestAborted)).Entries.Count > 0
                    ? TypedResults.Json(page, ControlJson.Default.LedgerPage)
                    : throw NotFound.Agent(agent);
        }).Produces<LedgerPage>().DescribeLedger().Allow(AccessRule.Read);
    }

    private static async Task<LedgerPage> ReadAsync(SpendGuardEngine engine, AgentId? agent, LedgerQuery query, CancellationToken cancellationToken)
    {
        var most = PageQuery.Limit(query.Limit);
        var entries = new List<LedgerEntryBody>(most);
        var (after, before) = (query.KnownAfter, query.KnownBefore);
        var hasMore = false;
        var read = query.IsNewestFirst
            ? engine.ReadLedgerBackAsync(agent, before, cancellationToken)
            : engine.ReadLedgerAsync(agent, after, cancellationToken);
        await foreach (var entry in read)
        {
            if (entries.Count == most)
            {
                hasMore = true;
                break;
            }

            // What is left out is known nevertheless, when it is read on.
            (after, before) = (Math.Max(after, entry.Sequence), entry.Sequence);
            if (query.HasDryRuns || !entry.IsDryRun)
            {
                entries.Add(LedgerEntryBody.Of(entry));
            }
        }

        return new LedgerPage(entries, after, hasMore, query.IsNewestFirst ? before ?? 0 : null);
    }
}
