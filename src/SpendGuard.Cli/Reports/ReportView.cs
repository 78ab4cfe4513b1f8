using System.Text.Json.Serialization;
using SpendGuard.Budgets;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Ledger;

namespace SpendGuard.Cli.Reports;

/// <summary>Who spent what, as the sidecar tells it.</summary>
internal sealed record ReportView(
    [property: JsonRequired, JsonPropertyName("by")] IReadOnlyList<string> By,
    [property: JsonPropertyName("since"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Since,
    [property: JsonPropertyName("until"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Until,
    [property: JsonRequired, JsonPropertyName("rows")] IReadOnlyList<ReportRowView> Rows,
    [property: JsonRequired, JsonPropertyName("total")] ReportRowView Total)
{
    /// <summary>The same of a database that is read without a sidecar.</summary>
    public static ReportView Of(SpendReport report, IReadOnlyList<string> by) => new(
        by,
        report.Query.Since is { } since ? LedgerColumns.OffsetTime(since) : null,
        report.Query.Until is { } until ? LedgerColumns.OffsetTime(until) : null,
        [.. report.Rows.Select(ReportRowView.Of)],
        ReportRowView.Of(report.Total));
}

/// <summary>A row of a report. What it is not of is null.</summary>
internal sealed record ReportRowView(
    [property: JsonPropertyName("agent_id"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? AgentId,
    [property: JsonPropertyName("group_id"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? GroupId,
    [property: JsonPropertyName("name"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Name,
    [property: JsonPropertyName("model"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Model,
    [property: JsonPropertyName("day"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Day,
    [property: JsonPropertyName("run_id"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? RunId,
    [property: JsonPropertyName("function"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Function,
    [property: JsonRequired, JsonPropertyName("calls")] long Calls,
    [property: JsonPropertyName("tokens"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] TokensView? Tokens,
    [property: JsonRequired, JsonPropertyName("cost_microcents")] long CostMicrocents,
    [property: JsonRequired, JsonPropertyName("held_microcents")] long HeldMicrocents,
    [property: JsonRequired, JsonPropertyName("given_back_microcents")] long GivenBackMicrocents,
    [property: JsonRequired, JsonPropertyName("forfeited_microcents")] long ForfeitedMicrocents,
    [property: JsonRequired, JsonPropertyName("refused")] long Refused,
    [property: JsonRequired, JsonPropertyName("refusals")] IReadOnlyDictionary<string, long> Refusals)
{
    public static ReportRowView Of(ReportRow row) => new(
        row.Agent?.Value,
        row.Group?.Value,
        row.Name,
        row.Model,
        row.Day?.ToString("yyyy-MM-dd"),
        row.Run?.Value,
        row.Function,
        row.Calls,
        row.Tokens is { } tokens ? new TokensView(tokens.Input, tokens.CacheRead, tokens.CacheWrite, tokens.Output, tokens.Reasoning) : null,
        row.Cost.Microcents,
        row.Held.Microcents,
        row.GivenBack.Microcents,
        row.Forfeited.Microcents,
        row.Refused,
        row.Refusals);
}
