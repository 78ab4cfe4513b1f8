using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Control;

/// <summary>Which page of the ledger is asked for.</summary>
internal readonly record struct LedgerQuery
{
    private const string Oldest = "oldest";
    private const string Newest = "newest";

    [FromQuery(Name = "after")]
    public string? After { get; init; }

    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    [FromQuery(Name = "order")]
    public string? Order { get; init; }

    [FromQuery(Name = "before")]
    public string? Before { get; init; }

    [FromQuery(Name = "dry_runs")]
    public string? DryRuns { get; init; }

    /// <exception cref="BadRequestException">It is no number, or contradicts the order.</exception>
    public long KnownAfter => IsNewestFirst && !string.IsNullOrEmpty(After)
        ? throw new BadRequestException("'after' reads on, oldest first: leave out 'order' and 'before', or leave out 'after'.")
        : PageQuery.Number("after", After, 0, least: 0, most: long.MaxValue);

    /// <exception cref="BadRequestException">It is no number.</exception>
    public long? KnownBefore => string.IsNullOrEmpty(Before) ? null : PageQuery.Number("before", Before, 0, least: 0, most: long.MaxValue);

    /// <exception cref="BadRequestException">There is no such order.</exception>
    public bool IsNewestFirst => Order switch
    {
        null or "" => !string.IsNullOrEmpty(Before),
        Newest => true,
        Oldest when string.IsNullOrEmpty(Before) => false,
        Oldest => throw new BadRequestException("'before' reads back, newest first: leave out 'order', or leave out 'before'."),
        _ => throw new BadRequestException($"'order' has to be {Oldest} or {Newest}."),
    };

    /// <exception cref="BadRequestException">It is neither.</exception>
    public bool HasDryRuns => DryRuns switch
    {
        null or "" or "true" => true,
        "false" => false,
        _ => throw new BadRequestException("'dry_runs' has to be true or false."),
    };
}

/// <summary>What the routes of the ledger are described by.</summary>
internal static class LedgerDescription
{
    public static RouteHandlerBuilder DescribeLedger(this RouteHandlerBuilder route) => route
        .DescribePage("The sequence of the last entry that is known already: entries after it, oldest first.", PageQuery.Whole(0, 0, null))
        .DescribePage("before", "The sequence of the first entry that is known already: entries before it, newest first.", Text(JsonSchemaType.Integer))
        .DescribePage("order", "oldest or newest: which entry comes first. Oldest unless 'before' is given.", Text(JsonSchemaType.String))
        .DescribePage("dry_runs", "false leaves the entries of dry runs out.", Text(JsonSchemaType.Boolean));

    private static OpenApiSchema Text(JsonSchemaType type) => new() { Type = type };
}
