using System.Text.Json.Serialization;

namespace SpendGuard.Cli.Connection;

/// <summary>A page of the ledger.</summary>
internal sealed record LedgerPageView(
    [property: JsonRequired, JsonPropertyName("entries")] IReadOnlyList<LedgerEntryView> Entries,
    [property: JsonRequired, JsonPropertyName("next_after")] long NextAfter,
    [property: JsonRequired, JsonPropertyName("has_more")] bool HasMore,
    [property: JsonPropertyName("next_before")] long? NextBefore = null);

/// <summary>Tokens by kind; no token is in two of them.</summary>
internal sealed record TokensView(
    [property: JsonPropertyName("input")] long Input,
    [property: JsonPropertyName("cache_read")] long CacheRead,
    [property: JsonPropertyName("cache_write")] long CacheWrite,
    [property: JsonPropertyName("output")] long Output,
    [property: JsonPropertyName("reasoning")] long Reasoning)
{
    [JsonIgnore]
    public long Total => checked(Input + CacheRead + CacheWrite + Output + Reasoning);
}

/// <summary>A ledger entry.</summary>
internal sealed record LedgerEntryView(
    [property: JsonRequired, JsonPropertyName("sequence")] long Sequence,
    [property: JsonRequired, JsonPropertyName("at")] DateTimeOffset At,
    [property: JsonRequired, JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("agent_id")] string? AgentId,
    [property: JsonPropertyName("reservation_id")] string? ReservationId,
    [property: JsonPropertyName("run_id")] string? RunId,
    [property: JsonPropertyName("model")] string? Model,
    [property: JsonPropertyName("function")] string? Function,
    [property: JsonPropertyName("unbounded")] string? Unbounded,
    [property: JsonPropertyName("idempotency_key")] string? IdempotencyKey,
    [property: JsonRequired, JsonPropertyName("amount_microcents")] long AmountMicrocents,
    [property: JsonRequired, JsonPropertyName("hard_limit_microcents")] long HardLimitMicrocents,
    [property: JsonRequired, JsonPropertyName("granted_microcents")] long GrantedMicrocents,
    [property: JsonRequired, JsonPropertyName("spent_microcents")] long SpentMicrocents,
    [property: JsonRequired, JsonPropertyName("held_microcents")] long HeldMicrocents)
{
    /// <summary>The group that the entry is about, which is about no agent then.</summary>
    [JsonPropertyName("group_id")]
    public string? GroupId { get; init; }

    [JsonPropertyName("limit")]
    public string? Limit { get; init; }

    [JsonPropertyName("under")]
    public string? Under { get; init; }

    [JsonPropertyName("by")]
    public string? By { get; init; }

    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>What a call that this settles was counted at; null where that is not known, as from an older sidecar.</summary>
    [JsonPropertyName("tokens")]
    public TokensView? Tokens { get; init; }

    /// <summary>What a change of a budget has added to what is granted; the amount is what was asked for.</summary>
    [JsonPropertyName("added_microcents")]
    public long? AddedMicrocents { get; init; }

    [JsonPropertyName("dry_run")]
    public bool DryRun { get; init; }
}
