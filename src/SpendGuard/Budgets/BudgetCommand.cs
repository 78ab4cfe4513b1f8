using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>Something to be done to one agent's budget, in one atomic step. A store needs to know no more of it than what it concerns.</summary>
[Experimental(ApiTier.Stores)]
public abstract record BudgetCommand
{
    private protected BudgetCommand(DateTimeOffset at) => At = at;

    /// <summary>The time of the command, which dates the ledger entry.</summary>
    public DateTimeOffset At { get; }

    /// <summary>What the command concerns.</summary>
    public abstract BudgetLookup Lookup { get; }
}

/// <summary>Sets an agent's budget, or tops it up.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="HardLimit">The hard limit from now on.</param>
/// <param name="TopUp">What to add to what remains, as far as that stays within the hard limit. On the first set what to start with; zero starts with the whole limit.</param>
/// <param name="MaxInFlight">How many calls may be in flight at once from now on; null to leave that as it is.</param>
/// <param name="IdempotencyKey">The caller's key: the same key takes effect once for each agent.</param>
/// <param name="At">The time of the command.</param>
internal sealed record SetBudget(
    AgentId Agent, Money HardLimit, Money TopUp, int? MaxInFlight, string? IdempotencyKey, DateTimeOffset At) : BudgetCommand(At)
{
    public override BudgetLookup Lookup => new() { Node = Agent, BudgetOf = Agent, IdempotencyKey = IdempotencyKey };

    /// <summary>The most that one call may hold of what is free from now on, in percent; null to leave that as it is.</summary>
    public int? MaxCallShare { get; init; }

    /// <summary>How many calls may be in flight at once where a first set says nothing of it; null for any number.</summary>
    public int? FirstMaxInFlight { get; init; }

    /// <summary>What share one call may hold where a first set says nothing of it, in percent; null for all.</summary>
    public int? FirstMaxCallShare { get; init; }

    /// <summary>What happens from now on when a call does not fit; null to leave that as it is.</summary>
    public LimitAction? OnExhausted { get; init; }

    /// <summary>What must be the same when a key is used again. Said or not, it is one where it is what a first set would have had.</summary>
    public string Content => (MaxCallShare ?? FirstMaxCallShare, OnExhausted) switch
    {
        ({ } share, null) => $"{Figures}|{share}",
        (null, null) => Figures,
        var (share, action) => $"{Figures}|{share}|{action}",
    };

    private string Figures => $"{HardLimit.Microcents}|{TopUp.Microcents}|{MaxInFlight ?? FirstMaxInFlight}";
}

/// <summary>Holds the most that fits between a floor and a ceiling.</summary>
/// <param name="Id">The id of the reservation.</param>
/// <param name="Agent">The agent.</param>
/// <param name="Run">The run that the call belongs to.</param>
/// <param name="Model">What is called, as <c>provider:model</c>.</param>
/// <param name="Floor">The least amount that is of use.</param>
/// <param name="Ceiling">The most that the call can cost.</param>
/// <param name="ExpiresAt">When the hold is forfeited unless it is renewed or ended before.</param>
/// <param name="At">The time of the command.</param>
internal sealed record Reserve(
    ReservationId Id, AgentId Agent, RunId? Run, string? Model, Money Floor, Money Ceiling, DateTimeOffset ExpiresAt, DateTimeOffset At)
    : BudgetCommand(At)
{
    public override BudgetLookup Lookup => new()
    {
        BudgetOf = Agent,
        Reservation = Id,
        PathOf = Agent,
        RunAccount = Run is { } run ? new AccountKey(Agent, AccountRules.NameOf(run), 1) : null,
        Streak = this is { Run: { } its, Fingerprint: not null } ? new StreakKey(Agent, its) : null,
        Approval = AskedBefore,
    };

    /// <summary>What the run may cost in all, given by its first call; null where this one says nothing of it.</summary>
    public Money? RunLimit { get; init; }

    /// <summary>When the command was sent again, whose hold is of the same time nevertheless; null when it is sent once.</summary>
    public DateTimeOffset? AgainAt { get; init; }

    /// <summary>How long the hold lives unless it is renewed, whatever the clock says that the time was taken from.</summary>
    public TimeSpan Lifetime => ExpiresAt - (AgainAt ?? At);

    /// <summary>The function of the caller's that makes the call, such as <c>plugin-function</c>; null when it did not say.</summary>
    public string? Function { get; init; }

    /// <summary>
    /// Whether the caller asks by a loose bound, and when it is refused may ask again for less: such a refusal trips no breaker, raises no alert,
    /// and leaves no request for approval.
    /// </summary>
    public bool IsTentative { get; init; }

    /// <summary>What tells the call from others, to count identical ones of a run; null where they are not counted.</summary>
    public CallFingerprint? Fingerprint { get; init; }

    /// <summary>The request that it met before, to be looked at again: a limit that rolls may ask anew. Null for none.</summary>
    public ApprovalId? AskedBefore { get; init; }

    /// <summary>Whether it holds the ceiling or nothing.</summary>
    public bool Whole { get; init; }

    /// <summary>The least that it holds.</summary>
    public Money Needed => Whole ? Ceiling : Floor;

    /// <summary>
    /// What a budget's share for one call does not take from it, as far as the budget goes: with less it would be held to an answer of a few
    /// words while there is money for a whole one.
    /// </summary>
    public Money Ordinary { get; init; }

    /// <summary>What was let through without a cost bound, by name and separated by commas; null when all of the call is bounded.</summary>
    public string? Unbounded { get; init; }

    /// <summary>Whether it is a dry run's, which gives back at once what it holds, and sends nothing.</summary>
    public bool IsDryRun { get; init; }

    /// <inheritdoc cref="Reservation.Requests"/>
    public int? Requests { get; init; }

    /// <inheritdoc cref="Reservation.Cards"/>
    public string? Cards { get; init; }
}

/// <summary>Creates an agent. Setting the budget of an agent that is not known creates it too, without a name.</summary>
/// <param name="Agent">The id of the agent.</param>
/// <param name="Name">A name for people.</param>
/// <param name="At">The time of the command.</param>
internal sealed record CreateAgent(AgentId Agent, string? Name, DateTimeOffset At) : AgentCommand(Agent, At)
{
    /// <summary>The group that it is under; null for none.</summary>
    public NodeId? Under { get; init; }

    /// <summary>Whether no other agent may have the name.</summary>
    public bool UniqueName { get; init; }

    public override BudgetLookup Lookup => new() { Node = Agent, BudgetOf = Agent, Under = Under, Claim = NameClaim.Of(UniqueName, NodeKind.Agent, Name) };
}

/// <summary>Gives an agent another name.</summary>
/// <param name="Agent">The id of the agent.</param>
/// <param name="Name">The name.</param>
/// <param name="At">The time of the command.</param>
internal sealed record RenameAgent(AgentId Agent, string Name, DateTimeOffset At) : AgentCommand(Agent, At)
{
    /// <summary>Whether no other agent may have the name.</summary>
    public bool UniqueName { get; init; }

    public override BudgetLookup Lookup => new() { Node = Agent, BudgetOf = Agent, Claim = NameClaim.Of(UniqueName, NodeKind.Agent, Name) };
}

/// <summary>Deletes an agent: its budget is closed for good. Calls in flight end as they would have, and the ledger stays.</summary>
/// <param name="Agent">The id of the agent.</param>
/// <param name="At">The time of the command.</param>
internal sealed record DeleteAgent(AgentId Agent, DateTimeOffset At) : AgentCommand(Agent, At);

/// <summary>Concerns an agent itself.</summary>
internal abstract record AgentCommand : BudgetCommand
{
    protected AgentCommand(AgentId agent, DateTimeOffset at)
        : base(at) => Agent = agent;

    /// <summary>The id of the agent.</summary>
    public AgentId Agent { get; }

    public override BudgetLookup Lookup => new() { Node = Agent, BudgetOf = Agent };
}

/// <summary>Ends or renews a reservation.</summary>
internal abstract record ReservationCommand : BudgetCommand
{
    protected ReservationCommand(ReservationId id, DateTimeOffset at)
        : base(at) => Id = id;

    /// <summary>The id of the reservation.</summary>
    public ReservationId Id { get; }

    public override BudgetLookup Lookup => new() { Reservation = Id };
}

/// <summary>Ends a reservation at the actual cost. Corrects a forfeit.</summary>
/// <param name="Id">The id of the reservation.</param>
/// <param name="Charge">What the call cost; may be more than is held.</param>
/// <param name="At">The time of the command.</param>
internal sealed record Settle(ReservationId Id, Money Charge, DateTimeOffset At) : ReservationCommand(Id, At)
{
    /// <summary>What it was counted at; null where that is not known.</summary>
    public TokenCounts? Tokens { get; init; }
}

/// <summary>Ends a reservation whose call was provably not billed. Corrects a forfeit.</summary>
/// <param name="Id">The id of the reservation.</param>
/// <param name="At">The time of the command.</param>
internal sealed record Release(ReservationId Id, DateTimeOffset At) : ReservationCommand(Id, At)
{
    /// <inheritdoc cref="Reserve.IsDryRun"/>
    public bool IsDryRun { get; init; }
}

/// <summary>
/// Ends a reservation whose cost is unknown: the greater of the hold and of what is known of the cost is booked as spent. Raises an earlier
/// forfeit, never lowers one.
/// </summary>
/// <param name="Id">The id of the reservation.</param>
/// <param name="OnlyIfExpired">Whether to leave a reservation alone that has been renewed meanwhile.</param>
/// <param name="At">The time of the command.</param>
internal sealed record Forfeit(ReservationId Id, bool OnlyIfExpired, DateTimeOffset At) : ReservationCommand(Id, At)
{
    /// <summary>What the call is known to have cost at least.</summary>
    public Money Known { get; init; }
}

/// <summary>Gives a reservation the name by which it is found again, once and for good.</summary>
/// <param name="Id">The id of the reservation.</param>
/// <param name="As">The name, which no other reservation has.</param>
/// <param name="At">The time of the command.</param>
internal sealed record Name(ReservationId Id, string As, DateTimeOffset At) : ReservationCommand(Id, At)
{
    public override BudgetLookup Lookup => new() { Reservation = Id, Name = As };
}

/// <summary>Moves the expiry of a reservation whose call is still in flight. Never moves it back.</summary>
/// <param name="Id">The id of the reservation.</param>
/// <param name="ExpiresAt">The new expiry.</param>
/// <param name="At">The time of the command.</param>
internal sealed record Renew(ReservationId Id, DateTimeOffset ExpiresAt, DateTimeOffset At) : ReservationCommand(Id, At)
{
    /// <inheritdoc cref="Reserve.Lifetime"/>
    public TimeSpan Lifetime => ExpiresAt - At;
}
