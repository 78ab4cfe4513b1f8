using System.Text.Json.Serialization;

namespace SpendGuard.Cli.Connection;

/// <summary>A group as the sidecar tells of it.</summary>
internal sealed record GroupView(
    [property: JsonRequired, JsonPropertyName("group_id")] string GroupId,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("created_at")] string? CreatedAt,
    [property: JsonPropertyName("under")] string? Under,
    [property: JsonPropertyName("paused")] PauseView? Paused,
    [property: JsonPropertyName("paused_above")] PauseAboveView? PausedAbove = null);

/// <summary>The nearest group above that is paused, by whom, why, and when.</summary>
internal sealed record PauseAboveView(
    [property: JsonRequired, JsonPropertyName("group_id")] string GroupId,
    [property: JsonPropertyName("by")] string? By,
    [property: JsonPropertyName("reason")] string? Reason,
    [property: JsonPropertyName("at")] DateTimeOffset? At);

/// <summary>Who has paused a node, why, and when.</summary>
internal sealed record PauseView(
    [property: JsonPropertyName("by")] string? By,
    [property: JsonPropertyName("reason")] string? Reason,
    [property: JsonPropertyName("at")] DateTimeOffset? At);

/// <summary>A page of the groups.</summary>
internal sealed record GroupListView(
    [property: JsonRequired, JsonPropertyName("groups")] IReadOnlyList<GroupView> Groups,
    [property: JsonPropertyName("next_after")] string? NextAfter,
    [property: JsonPropertyName("has_more")] bool? HasMore);

/// <summary>A limit, and what is spent, held and left of it.</summary>
internal sealed record LimitView(
    [property: JsonRequired, JsonPropertyName("window")] string Window,
    [property: JsonPropertyName("zone")] string? Zone,
    [property: JsonRequired, JsonPropertyName("action")] string Action,
    [property: JsonRequired, JsonPropertyName("amount_cents")] long AmountCents,
    [property: JsonRequired, JsonPropertyName("spent_cents")] long SpentCents,
    [property: JsonRequired, JsonPropertyName("held_cents")] long HeldCents,
    [property: JsonRequired, JsonPropertyName("left_cents")] long LeftCents,
    [property: JsonPropertyName("resets_at")] DateTimeOffset? ResetsAt,
    [property: JsonPropertyName("overdrawn")] bool Overdrawn,
    [property: JsonPropertyName("alert_at")] IReadOnlyList<int>? AlertAt = null,
    [property: JsonPropertyName("raised_microcents")] long RaisedMicrocents = 0,
    [property: JsonPropertyName("raised_until")] DateTimeOffset? RaisedUntil = null,
    [property: JsonPropertyName("amount_microcents")] long? AmountMicrocents = null,
    [property: JsonPropertyName("spent_microcents")] long? SpentMicrocents = null,
    [property: JsonPropertyName("held_microcents")] long? HeldMicrocents = null,
    [property: JsonPropertyName("left_microcents")] long? LeftMicrocents = null);

/// <summary>The limits of a node, and its breaker of identical calls.</summary>
internal sealed record LimitListView(
    [property: JsonRequired, JsonPropertyName("limits")] IReadOnlyList<LimitView> Limits,
    [property: JsonPropertyName("identical_calls")] int? IdenticalCalls);

/// <summary>How many identical calls in a row pause an agent.</summary>
internal sealed record BreakerView([property: JsonPropertyName("identical_calls")] int? IdenticalCalls);

/// <param name="IdenticalCalls">How many.</param>
internal sealed record BreakerChange([property: JsonPropertyName("identical_calls")] int IdenticalCalls);

internal sealed record LimitRemovedView([property: JsonRequired, JsonPropertyName("window")] string Window);

/// <summary>An agent or a group, and its limits.</summary>
internal sealed record NodeView(
    [property: JsonRequired, JsonPropertyName("id")] string Id,
    [property: JsonRequired, JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("under")] string? Under,
    [property: JsonPropertyName("paused")] PauseView? Paused,
    [property: JsonRequired, JsonPropertyName("limits")] IReadOnlyList<LimitView> Limits,
    [property: JsonPropertyName("identical_calls")] int? IdenticalCalls);

/// <summary>A page of the tree, or the way from an agent to the root, which is no page.</summary>
internal sealed record NodeListView(
    [property: JsonRequired, JsonPropertyName("nodes")] IReadOnlyList<NodeView> Nodes,
    [property: JsonPropertyName("next_after")] string? NextAfter,
    [property: JsonPropertyName("has_more")] bool? HasMore);

/// <param name="Name">A name for people; not sent when null: it stays as it is.</param>
/// <param name="Under">The group that it is under; not sent when null.</param>
/// <param name="UniqueName">Whether no other group may have the name; not sent when null.</param>
internal sealed record GroupChange(
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("under")] string? Under,
    [property: JsonPropertyName("unique_name")] bool? UniqueName = null);

/// <param name="Under">The group that a node is put under; null for none.</param>
internal sealed record Move([property: JsonPropertyName("under"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Under);

/// <param name="AmountCents">What all calls of one window may cost, in whole cents; null where it is none.</param>
/// <param name="Zone">The time zone; not sent when null.</param>
/// <param name="Action"><c>refuse</c>, <c>pause</c> or <c>ask</c>.</param>
/// <param name="AlertAt">At which percentages an alert is raised; not sent when null.</param>
internal sealed record LimitChange(
    [property: JsonPropertyName("amount_cents")] long? AmountCents,
    [property: JsonPropertyName("zone")] string? Zone,
    [property: JsonPropertyName("action")] string Action,
    [property: JsonPropertyName("alert_at")] IReadOnlyList<int>? AlertAt)
{
    /// <summary>The same where it has a fraction of a cent; null where it has none.</summary>
    [JsonPropertyName("amount_microcents")]
    public long? AmountMicrocents { get; init; }
}

/// <param name="Reason">Why; not sent when null.</param>
internal sealed record PauseOrder([property: JsonPropertyName("reason")] string? Reason);
