using System.Text.Json.Serialization;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Control.Reports;

namespace SpendGuard.Sidecar.Control;

/// <summary>A page of the ledger, in the order of commit.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="NextAfter">What to ask for as <c>after</c> to read on, now or when more has happened.</param>
/// <param name="HasMore">Whether there are more already.</param>
/// <param name="NextBefore">Of a page that has the newest first, what to ask for as <c>before</c> to read back from it; null of others.</param>
internal sealed record LedgerPage(
    [property: JsonPropertyName("entries")] IReadOnlyList<LedgerEntryBody> Entries,
    [property: JsonPropertyName("next_after")] long NextAfter,
    [property: JsonPropertyName("has_more")] bool HasMore,
    [property: JsonPropertyName("next_before"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? NextBefore = null);

/// <summary>A ledger entry: what happened, and the balance after it, in exact microcents.</summary>
internal sealed record LedgerEntryBody
{
    [JsonPropertyName("sequence")]
    public required long Sequence { get; init; }

    [JsonPropertyName("at")]
    public required string At { get; init; }

    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    [JsonPropertyName("agent_id")]
    public required string? AgentId { get; init; }

    /// <summary>Of an entry about a group, which is about no agent.</summary>
    [JsonPropertyName("group_id")]
    public required string? GroupId { get; init; }

    /// <summary>The limit that was set or removed.</summary>
    [JsonPropertyName("limit")]
    public required string? Limit { get; init; }

    /// <summary>The group that a node was put under.</summary>
    [JsonPropertyName("under")]
    public required string? Under { get; init; }

    [JsonPropertyName("by")]
    public required string? By { get; init; }

    [JsonPropertyName("reason")]
    public required string? Reason { get; init; }

    [JsonPropertyName("reservation_id")]
    public required string? ReservationId { get; init; }

    [JsonPropertyName("run_id")]
    public required string? RunId { get; init; }

    [JsonPropertyName("model")]
    public required string? Model { get; init; }

    [JsonPropertyName("function")]
    public required string? Function { get; init; }

    [JsonPropertyName("unbounded")]
    public required string? Unbounded { get; init; }

    [JsonPropertyName("idempotency_key")]
    public required string? IdempotencyKey { get; init; }

    [JsonPropertyName("amount_microcents")]
    public required long AmountMicrocents { get; init; }

    /// <summary>
    /// Of a change of a budget, what it has added to what is granted, whereas the amount is the top-up that was asked for. Negative where a lower
    /// limit has taken back what was free; null of other entries, and of those of earlier versions.
    /// </summary>
    [JsonPropertyName("added_microcents")]
    public required long? AddedMicrocents { get; init; }

    /// <summary>What a call that this settles was counted at; null where that is not known.</summary>
    [JsonPropertyName("tokens")]
    public required TokensBody? Tokens { get; init; }

    /// <summary>Whether it is of a dry run, which sends nothing.</summary>
    [JsonPropertyName("dry_run")]
    public required bool DryRun { get; init; }

    [JsonPropertyName("hard_limit_microcents")]
    public required long HardLimitMicrocents { get; init; }

    [JsonPropertyName("granted_microcents")]
    public required long GrantedMicrocents { get; init; }

    /// <summary>What of it is granted for a time, by approvals, or is to be taken back.</summary>
    [JsonPropertyName("raised_microcents")]
    public required long RaisedMicrocents { get; init; }

    [JsonPropertyName("spent_microcents")]
    public required long SpentMicrocents { get; init; }

    [JsonPropertyName("held_microcents")]
    public required long HeldMicrocents { get; init; }

    public static LedgerEntryBody Of(LedgerEntry entry) => new()
    {
        Sequence = entry.Sequence,
        At = AgentBody.Time(entry.At),
        Kind = Name(entry.Kind),
        AgentId = entry.Agent?.Value,
        GroupId = entry.Group?.Value,
        Limit = entry.Limit,
        Under = entry.Under?.Value,
        By = entry.By,
        Reason = entry.Reason,
        ReservationId = entry.Reservation?.Value,
        RunId = entry.Run?.Value,
        Model = entry.Model,
        Function = entry.Function,
        Unbounded = entry.Unbounded,
        IdempotencyKey = entry.IdempotencyKey,
        AmountMicrocents = entry.Amount.Microcents,
        AddedMicrocents = entry.Added?.Microcents,
        Tokens = TokensBody.Of(entry.Tokens),
        DryRun = entry.IsDryRun,
        HardLimitMicrocents = entry.HardLimit.Microcents,
        GrantedMicrocents = entry.Granted.Microcents,
        RaisedMicrocents = entry.Raised.Microcents,
        SpentMicrocents = entry.Spent.Microcents,
        HeldMicrocents = entry.Held.Microcents,
    };

    private static string Name(LedgerEntryKind kind) => kind switch
    {
        LedgerEntryKind.BudgetSet => "budget_set",
        LedgerEntryKind.BudgetClosed => "budget_closed",
        LedgerEntryKind.Reserved => "reserved",
        LedgerEntryKind.Settled => "settled",
        LedgerEntryKind.Released => "released",
        LedgerEntryKind.Forfeited => "forfeited",
        LedgerEntryKind.Corrected => "corrected",
        LedgerEntryKind.GroupCreated => "group_created",
        LedgerEntryKind.GroupDeleted => "group_deleted",
        LedgerEntryKind.Moved => "moved",
        LedgerEntryKind.LimitSet => "limit_set",
        LedgerEntryKind.LimitRemoved => "limit_removed",
        LedgerEntryKind.Paused => "paused",
        LedgerEntryKind.Resumed => "resumed",
        LedgerEntryKind.ApprovalAsked => "approval_asked",
        LedgerEntryKind.Approved => "approved",
        LedgerEntryKind.Denied => "denied",
        LedgerEntryKind.BreakerSet => "breaker_set",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "The kind is not known."),
    };
}
