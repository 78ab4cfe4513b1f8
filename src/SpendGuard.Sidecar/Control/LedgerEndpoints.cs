using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Control;

/// <summary>The routes that read the ledger, page by page.</summary>
internal static class LedgerEndpoints
{
    private const int DefaultLimit = 100;
    private const int MostAtOnce = 1_000;

    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/ledger", async (string? after, string? limit, HttpContext context, Admission caller) =>
            TypedResults.Json(await ReadAsync(caller.Engine, agent: null, after, limit, context.RequestAborted), ControlJson.Default.LedgerPage))
            .Produces<LedgerPage>().DescribePage().Allow(AccessRule.Admin);

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
                    : throw new BadRequestException("Agent not found", StatusCodes.Status404NotFound);
        }).Produces<LedgerPage>().DescribePage().Allow(AccessRule.Read);
    }

    private static async Task<LedgerPage> ReadAsync(
        SpendGuardEngine engine, AgentId? agent, string? after, string? limit, CancellationToken cancellationToken)
    {
        var known = Number("after", after, 0, least: 0, most: long.MaxValue);
        var most = (int)Number("limit", limit, DefaultLimit, least: 1, most: MostAtOnce);
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

    private static long Number(string name, string? text, long fallback, long least, long most) =>
        string.IsNullOrEmpty(text) ? fallback
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new BadRequestException(most == long.MaxValue
            ? $"'{name}' has to be a whole number of at least {least}."
            : $"'{name}' has to be a whole number from {least} to {most}.");

    /// <summary>They are read as text, so that a wrong one is answered with a sentence; they are described as the numbers that they are.</summary>
    private static RouteHandlerBuilder DescribePage(this RouteHandlerBuilder route) => route.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            (parameter.Description, parameter.Schema) = parameter.Name switch
            {
                "after" => ("The sequence of the last entry that is known already.", Whole(0, 0, null)),
                "limit" => ("The most entries to return.", Whole(DefaultLimit, 1, MostAtOnce)),
                _ => (parameter.Description, parameter.Schema),
            };
        }

        return Task.CompletedTask;
    });

    private static OpenApiSchema Whole(long fallback, int least, int? most) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Default = JsonValue.Create(fallback),
        Minimum = least.ToString(CultureInfo.InvariantCulture),
        Maximum = most?.ToString(CultureInfo.InvariantCulture),
    };
}
