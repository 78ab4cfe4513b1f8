using System.Text.Json.Serialization;
using SpendGuard.Budgets;

namespace SpendGuard.Sidecar.Control;

/// <summary>A budget as the control routes show it: whole cents where the original had them, exact microcents beside.</summary>
internal sealed record BudgetBody
{
    [JsonPropertyName("agent_id")]
    public required string AgentId { get; init; }

    [JsonPropertyName("hard_limit_cents")]
    public required long HardLimitCents { get; init; }

    [JsonPropertyName("remaining_cents")]
    public required long RemainingCents { get; init; }

    [JsonPropertyName("locked_run_id")]
    public required string? LockedRunId { get; init; }

    [JsonPropertyName("locked_cents")]
    public required long LockedCents { get; init; }

    [JsonPropertyName("locked_expires_at")]
    public required long? LockedExpiresAt { get; init; }

    [JsonPropertyName("max_in_flight")]
    public required int? MaxInFlight { get; init; }

    /// <summary>The most that one call may hold of what is free; null for all.</summary>
    [JsonPropertyName("max_call_share_percent")]
    public required int? MaxCallSharePercent { get; init; }

    /// <summary>What happens when a call does not fit: <c>refuse</c>, <c>pause</c> or <c>ask</c>.</summary>
    [JsonPropertyName("on_exhausted")]
    public required string OnExhausted { get; init; }

    /// <summary>What of it approvals have added for a time.</summary>
    [JsonPropertyName("raised_microcents")]
    public required long RaisedMicrocents { get; init; }

    /// <summary>What is spent or held of raises that have ended, or of a total that was higher. The next top-up makes up for it first.</summary>
    [JsonPropertyName("owed_microcents")]
    public required long OwedMicrocents { get; init; }

    /// <summary>Calls only; batches take no place.</summary>
    [JsonPropertyName("in_flight")]
    public required int InFlight { get; init; }

    [JsonPropertyName("batches")]
    public required int Batches { get; init; }

    [JsonPropertyName("spent_microcents")]
    public required long SpentMicrocents { get; init; }

    [JsonPropertyName("held_microcents")]
    public required long HeldMicrocents { get; init; }

    [JsonPropertyName("remaining_microcents")]
    public required long RemainingMicrocents { get; init; }

    [JsonPropertyName("overdrawn")]
    public required bool Overdrawn { get; init; }

    [JsonPropertyName("hard_limit_microcents")]
    public required long HardLimitMicrocents { get; init; }

    /// <summary>All that it was granted and was not taken back: what is spent, held and available.</summary>
    [JsonPropertyName("granted_microcents")]
    public required long GrantedMicrocents { get; init; }

    /// <summary>What the next call can hold: what remains less what is held.</summary>
    [JsonPropertyName("available_microcents")]
    public required long AvailableMicrocents { get; init; }

    /// <summary>
    /// Where the budget was just set, what that has added to what is granted: less than the top-up where the limit has cut it, negative where a
    /// lower limit has taken back what was free.
    /// </summary>
    [JsonPropertyName("added_microcents"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? AddedMicrocents { get; init; }

    /// <param name="budget">The budget.</param>
    /// <param name="inFlight">The agent's calls in flight.</param>
    public static BudgetBody Of(Budget budget, IReadOnlyList<Reservation> inFlight) => new()
    {
        AgentId = budget.Agent.Value,
        HardLimitCents = budget.HardLimit.CentsRoundedDown,
        RemainingCents = budget.Remaining.CentsRoundedDown,
        LockedRunId = inFlight.Count > 0 ? inFlight[0].Run?.Value : null,
        LockedCents = budget.Held.CentsRoundedUp,
        LockedExpiresAt = inFlight.Count > 0 ? inFlight[0].ExpiresAt.ToUnixTimeSeconds() : null,
        MaxInFlight = budget.MaxInFlight,
        MaxCallSharePercent = budget.MaxCallShare,
        OnExhausted = Tree.ActionName.Of(budget.Action),
        RaisedMicrocents = budget.Raises.Lasting.Microcents,
        OwedMicrocents = budget.Raises.Owed.Microcents,
        InFlight = budget.InFlight - budget.Batches,
        Batches = budget.Batches,
        SpentMicrocents = budget.Spent.Microcents,
        HeldMicrocents = budget.Held.Microcents,
        RemainingMicrocents = budget.Remaining.Microcents,
        Overdrawn = budget.Overdrawn,
        HardLimitMicrocents = budget.HardLimit.Microcents,
        GrantedMicrocents = (budget.Spent + budget.Remaining).Microcents,
        AvailableMicrocents = budget.Available.Microcents,
    };
}

/// <summary>What a budget is set to.</summary>
internal sealed record BudgetRequest
{
    /// <summary>What remains is never above it. Raising it grants nothing by itself; lowering it takes back what is free above it.</summary>
    [JsonPropertyName("hard_limit_cents")]
    public long? HardLimitCents { get; init; }

    /// <summary>The same, exact, in the place of cents.</summary>
    [JsonPropertyName("hard_limit_microcents")]
    public long? HardLimitMicrocents { get; init; }

    /// <summary>
    /// What to add to what remains, as far as that stays within the limit; the rest is not granted, now or later. On a first set the amount to
    /// start with, which is the whole limit for 0.
    /// </summary>
    [JsonPropertyName("topup_cents")]
    public long TopUpCents { get; init; }

    /// <summary>The same, exact, in the place of cents.</summary>
    [JsonPropertyName("topup_microcents")]
    public long? TopUpMicrocents { get; init; }

    /// <summary>Left as it is when null; 1 on a first set.</summary>
    [JsonPropertyName("max_in_flight")]
    public int? MaxInFlight { get; init; }

    /// <summary>1 to 100; left as it is when null, which is all on a first set.</summary>
    [JsonPropertyName("max_call_share_percent")]
    public int? MaxCallSharePercent { get; init; }

    /// <summary><c>refuse</c>, <c>pause</c> or <c>ask</c>; left as it is when null, which is <c>refuse</c> on a first set.</summary>
    [JsonPropertyName("on_exhausted")]
    public string? OnExhausted { get; init; }
}
