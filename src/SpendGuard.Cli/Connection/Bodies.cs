using System.Text.Json;
using System.Text.Json.Serialization;
using SpendGuard.Cli.Reports;

namespace SpendGuard.Cli.Connection;

/// <summary>An agent as the sidecar tells of it.</summary>
internal sealed record AgentView(
    [property: JsonRequired, JsonPropertyName("agent_id")] string AgentId,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("created_at")] string? CreatedAt,
    [property: JsonPropertyName("paused")] PauseView? Paused = null,
    [property: JsonPropertyName("paused_above")] PauseAboveView? PausedAbove = null);

/// <summary>Agents, oldest first. An older sidecar tells all at once, and not whether there are more.</summary>
internal sealed record AgentListView(
    [property: JsonRequired, JsonPropertyName("agents")] IReadOnlyList<AgentView> Agents,
    [property: JsonPropertyName("next_after")] string? NextAfter,
    [property: JsonPropertyName("has_more")] bool? HasMore);

/// <summary>A key of an agent's, with its text when it has just been made.</summary>
internal sealed record AgentKeyView(
    [property: JsonRequired, JsonPropertyName("key_id")] string KeyId,
    [property: JsonPropertyName("api_key")] string? ApiKey,
    [property: JsonRequired, JsonPropertyName("agent_id")] string AgentId,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("created_at")] string? CreatedAt,
    [property: JsonPropertyName("revoked_at")] string? RevokedAt);

internal sealed record AgentKeyListView([property: JsonRequired, JsonPropertyName("keys")] IReadOnlyList<AgentKeyView> Keys);

internal sealed record AdminKeyView([property: JsonRequired, JsonPropertyName("admin_key")] string AdminKey);

internal sealed record RunView([property: JsonRequired, JsonPropertyName("run_id")] string RunId);

internal sealed record HealthView([property: JsonPropertyName("status")] string? Status);

/// <summary>A budget as the sidecar tells of it. What older sidecars do not tell is null.</summary>
internal sealed record BudgetView(
    [property: JsonRequired, JsonPropertyName("agent_id")] string AgentId,
    [property: JsonRequired, JsonPropertyName("hard_limit_cents")] long HardLimitCents,
    [property: JsonRequired, JsonPropertyName("remaining_cents")] long RemainingCents,
    [property: JsonPropertyName("locked_run_id")] string? LockedRunId,
    [property: JsonPropertyName("locked_cents")] long? LockedCents,
    [property: JsonPropertyName("locked_expires_at")] long? LockedExpiresAt,
    [property: JsonPropertyName("max_in_flight")] int? MaxInFlight,
    [property: JsonPropertyName("max_call_share_percent")] int? MaxCallSharePercent,
    [property: JsonPropertyName("in_flight")] int? InFlight,
    [property: JsonPropertyName("batches")] int? Batches,
    [property: JsonPropertyName("spent_microcents")] long? SpentMicrocents,
    [property: JsonPropertyName("held_microcents")] long? HeldMicrocents,
    [property: JsonPropertyName("remaining_microcents")] long? RemainingMicrocents,
    [property: JsonPropertyName("overdrawn")] bool? Overdrawn,
    [property: JsonPropertyName("on_exhausted")] string? OnExhausted = null,
    [property: JsonPropertyName("raised_microcents")] long? RaisedMicrocents = null,
    [property: JsonPropertyName("owed_microcents")] long? OwedMicrocents = null,
    [property: JsonPropertyName("hard_limit_microcents")] long? HardLimitMicrocents = null,
    [property: JsonPropertyName("granted_microcents")] long? GrantedMicrocents = null,
    [property: JsonPropertyName("available_microcents")] long? AvailableMicrocents = null,
    [property: JsonPropertyName("added_microcents")] long? AddedMicrocents = null)
{
    /// <summary>The limit, exact where the sidecar tells that.</summary>
    [JsonIgnore]
    public Money HardLimit => HardLimitMicrocents is { } exact ? Money.FromMicrocents(exact) : Money.FromCents(HardLimitCents);

    /// <summary>What remains, exact where the sidecar tells that.</summary>
    [JsonIgnore]
    public Money Remaining => RemainingMicrocents is { } exact ? Money.FromMicrocents(exact) : Money.FromCents(RemainingCents);
}

/// <param name="Name">A name for people.</param>
/// <param name="AgentId">Of a new agent, an id of one's own; null for one of the sidecar's.</param>
/// <param name="Under">Of a new agent, the group that it is under; null for none.</param>
/// <param name="UniqueName">Whether no other agent may have the name; not sent when null.</param>
internal sealed record AgentChange(
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("agent_id")] string? AgentId = null,
    [property: JsonPropertyName("under")] string? Under = null,
    [property: JsonPropertyName("unique_name")] bool? UniqueName = null);

internal sealed record BudgetChange
{
    /// <summary>In whole cents, which every sidecar understands; null where it is none.</summary>
    [JsonPropertyName("hard_limit_cents")]
    public long? HardLimitCents { get; private init; }

    [JsonPropertyName("hard_limit_microcents")]
    public long? HardLimitMicrocents { get; private init; }

    [JsonPropertyName("topup_cents")]
    public long? TopUpCents { get; private init; }

    [JsonPropertyName("topup_microcents")]
    public long? TopUpMicrocents { get; private init; }

    /// <summary>Not sent when null: it stays as it is, and the sidecar has a default for a first set.</summary>
    [JsonPropertyName("max_in_flight")]
    public long? MaxInFlight { get; init; }

    /// <summary>Not sent when null: it stays as it is, which is all on a first set.</summary>
    [JsonPropertyName("max_call_share_percent")]
    public long? MaxCallSharePercent { get; init; }

    /// <summary>Not sent when null: it stays as it is, which is <c>refuse</c> on a first set.</summary>
    [JsonPropertyName("on_exhausted")]
    public string? OnExhausted { get; init; }

    public static BudgetChange Of(Money limit, Money topUp) => new()
    {
        HardLimitCents = limit.WholeCents(),
        HardLimitMicrocents = limit.WholeCents() is null ? limit.Microcents : null,
        TopUpCents = topUp.WholeCents(),
        TopUpMicrocents = topUp.WholeCents() is null ? topUp.Microcents : null,
    };
}

/// <summary>Amounts as sidecars take them.</summary>
internal static class SentAmounts
{
    /// <summary>The amount in whole cents; null where it has a fraction of one.</summary>
    public static long? WholeCents(this Money amount) => amount.CentsRoundedDown == amount.CentsRoundedUp ? amount.CentsRoundedDown : null;
}

/// <summary>Reads and writes bodies without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AgentView))]
[JsonSerializable(typeof(AgentListView))]
[JsonSerializable(typeof(AgentChange))]
[JsonSerializable(typeof(AgentKeyView))]
[JsonSerializable(typeof(AgentKeyListView))]
[JsonSerializable(typeof(AdminKeyView))]
[JsonSerializable(typeof(RunView))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(BudgetView))]
[JsonSerializable(typeof(BudgetChange))]
[JsonSerializable(typeof(GroupView))]
[JsonSerializable(typeof(GroupListView))]
[JsonSerializable(typeof(GroupChange))]
[JsonSerializable(typeof(Move))]
[JsonSerializable(typeof(LimitView))]
[JsonSerializable(typeof(LimitListView))]
[JsonSerializable(typeof(LimitRemovedView))]
[JsonSerializable(typeof(LimitChange))]
[JsonSerializable(typeof(BreakerView))]
[JsonSerializable(typeof(BreakerChange))]
[JsonSerializable(typeof(AlertPageView))]
[JsonSerializable(typeof(AlertReplay))]
[JsonSerializable(typeof(AlertsReplayedView))]
[JsonSerializable(typeof(PauseOrder))]
[JsonSerializable(typeof(NodeListView))]
[JsonSerializable(typeof(ApprovalView))]
[JsonSerializable(typeof(ApprovalListView))]
[JsonSerializable(typeof(ApproveOrder))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(LedgerPageView))]
[JsonSerializable(typeof(ReportView))]
[JsonSerializable(typeof(ReadyView))]
[JsonSerializable(typeof(DryRunOrder))]
[JsonSerializable(typeof(ProviderCheckView))]
[JsonSerializable(typeof(DryRunView))]
internal sealed partial class BodyJson : JsonSerializerContext;
