using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>The durable hold of a call's worst-case cost.</summary>
[Experimental(ApiTier.Stores)]
public sealed record Reservation
{
    /// <summary>The id of the reservation.</summary>
    public required ReservationId Id { get; init; }

    /// <summary>The agent whose budget holds the amount.</summary>
    public required AgentId Agent { get; init; }

    /// <summary>The run that the call belongs to.</summary>
    public RunId? Run { get; init; }

    /// <summary>What is called, as <c>provider:model</c>.</summary>
    public string? Model { get; init; }

    /// <summary>The function of the caller's that makes the call, such as <c>plugin-function</c>; null when it did not say.</summary>
    public string? Function { get; init; }

    /// <summary>What was let through without a cost bound, by name and separated by commas; null when all of the call is bounded.</summary>
    public string? Unbounded { get; init; }

    /// <summary>
    /// Of a batch, how many requests it has; null for a call. A provider works on a batch in its own time, so its hold takes no place of
    /// <see cref="Budget.MaxInFlight"/>, is under no share of a call's, and lives as long as it was made for without being renewed.
    /// </summary>
    public int? Requests { get; init; }

    /// <summary>
    /// Of a batch, the rate cards that it was held by, as JSON of at most 200,000 characters; null for a call. They price its results too, for
    /// by then other prices may be in force than its provider billed. A store keeps the text as it is.
    /// </summary>
    public string? Cards { get; init; }

    /// <summary>The accounts that hold the amount too; its end is booked in the same, whatever windows are open then.</summary>
    public AccountKeys Accounts { get; init; } = AccountKeys.None;

    /// <summary>What its run may cost in all; null where it has no limit of its own, and where a store has read it, which keeps that in the run's account.</summary>
    internal Money? RunLimit { get; init; }

    /// <summary>When what is charged was booked; null while its call is in flight, and of one that ended before there were accounts.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The name by which it is found again, such as what a provider calls a batch; null while it has none.</summary>
    public string? Name { get; init; }

    /// <summary>The least amount that was asked for.</summary>
    public required Money Floor { get; init; }

    /// <summary>The most that was asked for.</summary>
    public required Money Ceiling { get; init; }

    /// <summary>What is held: the most between floor and ceiling that fitted.</summary>
    public required Money Held { get; init; }

    /// <summary>How the reservation ended; <see cref="ReservationEnd.None"/> while its call is in flight.</summary>
    public ReservationEnd End { get; init; }

    /// <summary>What was booked as spent when it ended.</summary>
    public Money Charged { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is forfeited unless its call renews or ends it before.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
