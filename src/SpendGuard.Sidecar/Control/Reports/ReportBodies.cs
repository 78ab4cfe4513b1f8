using System.Text.Json.Serialization;
using SpendGuard.Budgets;

namespace SpendGuard.Sidecar.Control.Reports;

/// <summary>Who spent what, in exact microcents.</summary>
internal sealed record ReportBody(
    [property: JsonPropertyName("by")] IReadOnlyList<string> By,
    [property: JsonPropertyName("since")] string? Since,
    [property: JsonPropertyName("until")] string? Until,
    [property: JsonPropertyName("rows")] IReadOnlyList<ReportRowBody> Rows,
    [property: JsonPropertyName("total")] ReportRowBody Total)
{
    public static ReportBody Of(SpendReport report) => new(
        ReportParameters.Names(report.Query.By),
        report.Query.Since is { } since ? AgentBody.Time(since) : null,
        report.Query.Until is { } until ? AgentBody.Time(until) : null,
        [.. report.Rows.Select(ReportRowBody.Of)],
        ReportRowBody.Of(report.Total));
}

/// <summary>A row. What it is not of is null.</summary>
internal sealed record ReportRowBody(
    [property: JsonPropertyName("agent_id")] string? AgentId,
    [property: JsonPropertyName("group_id")] string? GroupId,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("model")] string? Model,
    [property: JsonPropertyName("day")] string? Day,
    [property: JsonPropertyName("run_id")] string? RunId,
    [property: JsonPropertyName("function")] string? Function,
    [property: JsonPropertyName("calls")] long Calls,
    [property: JsonPropertyName("tokens")] TokensBody? Tokens,
    [property: JsonPropertyName("cost_microcents")] long CostMicrocents,
    [property: JsonPropertyName("held_microcents")] long HeldMicrocents,
    [property: JsonPropertyName("given_back_microcents")] long GivenBackMicrocents,
    [property: JsonPropertyName("forfeited_microcents")] long ForfeitedMicrocents,
    [property: JsonPropertyName("refused")] long Refused,
    [property: JsonPropertyName("refusals")] IReadOnlyDictionary<string, long> Refusals)
{
    public static ReportRowBody Of(ReportRow row) => new(
        row.Agent?.Value,
        row.Group?.Value,
        row.Name,
        row.Model,
        row.Day?.ToString("yyyy-MM-dd"),
        row.Run?.Value,
        row.Function,
        row.Calls,
        TokensBody.Of(row.Tokens),
        row.Cost.Microcents,
        row.Held.Microcents,
        row.GivenBack.Microcents,
        row.Forfeited.Microcents,
        row.Refused,
        row.Refusals);
}

/// <summary>Tokens by kind; no token is in two of them.</summary>
internal sealed record TokensBody(
    [property: JsonPropertyName("input")] long Input,
    [property: JsonPropertyName("cache_read")] long CacheRead,
    [property: JsonPropertyName("cache_write")] long CacheWrite,
    [property: JsonPropertyName("output")] long Output,
    [property: JsonPropertyName("reasoning")] long Reasoning)
{
    public static TokensBody? Of(TokenCounts? counts) => counts is { } tokens
        ? new TokensBody(tokens.Input, tokens.CacheRead, tokens.CacheWrite, tokens.Output, tokens.Reasoning)
        : null;
}
