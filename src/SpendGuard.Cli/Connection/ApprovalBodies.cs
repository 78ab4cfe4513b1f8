using System.Text.Json.Serialization;

namespace SpendGuard.Cli.Connection;

/// <summary>A request for approval as the sidecar tells of it.</summary>
internal sealed record ApprovalView(
    [property: JsonRequired, JsonPropertyName("approval_id")] string ApprovalId,
    [property: JsonRequired, JsonPropertyName("state")] string State,
    [property: JsonRequired, JsonPropertyName("agent_id")] string AgentId,
    [property: JsonRequired, JsonPropertyName("node")] string Node,
    [property: JsonRequired, JsonPropertyName("limit")] string Limit,
    [property: JsonRequired, JsonPropertyName("need_microcents")] long NeedMicrocents,
    [property: JsonPropertyName("run_id")] string? RunId,
    [property: JsonPropertyName("model")] string? Model,
    [property: JsonRequired, JsonPropertyName("asked_at")] DateTimeOffset AskedAt,
    [property: JsonPropertyName("by")] string? By,
    [property: JsonPropertyName("reason")] string? Reason,
    [property: JsonPropertyName("added_microcents")] long AddedMicrocents,
    [property: JsonPropertyName("until")] DateTimeOffset? Until,
    [property: JsonPropertyName("approve_url")] string? ApproveUrl);

/// <summary>A page of the requests for approval, newest first.</summary>
internal sealed record ApprovalListView(
    [property: JsonRequired, JsonPropertyName("approvals")] IReadOnlyList<ApprovalView> Approvals,
    [property: JsonPropertyName("next_after")] string? NextAfter,
    [property: JsonPropertyName("has_more")] bool? HasMore);

/// <param name="AddMicrocents">What is added to the limit.</param>
/// <param name="For">For how long, such as <c>8h</c>; not sent when null.</param>
/// <param name="Reason">Why; not sent when null.</param>
internal sealed record ApproveOrder(
    [property: JsonPropertyName("add_microcents")] long AddMicrocents,
    [property: JsonPropertyName("for")] string? For,
    [property: JsonPropertyName("reason")] string? Reason);
