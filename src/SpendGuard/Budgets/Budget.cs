using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>An agent's budget at one moment.</summary>
public sealed record Budget
{
    /// <summary>For stores, which read it from where they keep it.</summary>
    [Experimental(ApiTier.Stores)]
    public Budget()
    {
    }

    /// <summary>The agent whose budget it is.</summary>
    public required AgentId Agent { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What <see cref="Remaining"/> can never be lifted above by a top-up.</summary>
    public required Money HardLimit { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What the budget was set to, plus its top-ups as far as the limit has let them through, less what a lower limit has taken back.</summary>
    public required Money Granted { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What ended calls cost.</summary>
    public Money Spent { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What calls in flight hold.</summary>
    public Money Held { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>How many calls may be in flight at once; null for any number.</summary>
    public int? MaxInFlight { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The most that one call may hold of what is free, in percent; null for all of it. A call that needs more for an ordinary answer holds that.</summary>
    [Experimental(ApiTier.Adapters)]
    public int? MaxCallShare { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>How many calls are in flight, and batches that have not ended.</summary>
    public int InFlight { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>How many of these are batches, which take no place of <see cref="MaxInFlight"/>.</summary>
    [Experimental(ApiTier.Adapters)]
    public int Batches { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>Whether the budget is closed for good because its agent was deleted.</summary>
    public bool Closed { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What happens when a call does not fit.</summary>
    public LimitAction Action { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>At which percentages of what is granted an alert is raised.</summary>
    [Experimental(ApiTier.Stores)]
    public AlertThresholds Thresholds { get; [Experimental(ApiTier.Stores)] init; } = AlertThresholds.Default;

    /// <summary>
    /// What approvals have added for a time, and what of <see cref="Granted"/> is to be taken back. A raise is part of <see cref="Granted"/> as
    /// long as it lasts, and may stand above the limit; it is an advance: once it has ended, what was spent of it is missing.
    /// </summary>
    [Experimental(ApiTier.Stores)]
    public Raises Raises { get; [Experimental(ApiTier.Stores)] init; } = Raises.None;

    /// <summary>The request for approval that was left, and was not approved; null for none.</summary>
    public ApprovalId? Approval { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>
    /// What is not spent, less what is to be taken back. Money held is not spent yet. Negative when providers billed more than was left, and when
    /// raises have ended that were spent.
    /// </summary>
    public Money Remaining => Granted - Raises.Owed - Spent;

    /// <summary>
    /// Whether somebody has set it. One that nobody has grants what the limits of the agent's node and of the groups above let through, and
    /// keeps count of that.
    /// </summary>
    [Experimental(ApiTier.Adapters)]
    public bool IsSet { get; [Experimental(ApiTier.Stores)] init; } = true;

    /// <summary>What a new call can hold: <see cref="Remaining"/> less what is held.</summary>
    public Money Available => Remaining - Held;

    /// <summary>
    /// What a new call could hold if all that is held came back: <see cref="Remaining"/>, but never more than the limit and the raises, which
    /// what comes back cannot lift it above.
    /// </summary>
    internal Money Attainable => IsSet ? Money.Min(Remaining, RaisedLimit) : Money.MaxValue;

    /// <summary>The limit, with what is raised for a time.</summary>
    internal Money RaisedLimit => HardLimit + Raises.Lasting;

    /// <summary>What of it a new call can hold.</summary>
    internal Money Free => IsSet ? Available : Money.MaxValue;

    /// <summary>Whether a provider billed more than was held and granted. An overdrawn budget refuses every call until it is topped up.</summary>
    public bool Overdrawn => Spent + Held > Granted;

    /// <summary>Whether what is held is held for batches alone, so that no call's end gives anything back.</summary>
    internal bool OnlyBatches => Batches > 0 && InFlight == Batches;

    /// <summary>Whether as many calls are in flight as may be.</summary>
    internal bool IsFull => InFlight - Batches >= MaxInFlight;

    /// <summary>What of an amount that is free one call may take for more than it needs, a fraction of a microcent left out.</summary>
    internal Money ShareOf(Money free) => MaxCallShare is { } percent
        ? Money.FromMicrocents((long)((Int128)free.Microcents * percent / 100))
        : free;

    /// <summary>
    /// The budget as of a time. What raises have added that have ended is taken back as far as it is free; the rest of it is owed, until calls in
    /// flight give back what they hold, a charge is corrected, or it is topped up. Beyond the limit remains only what calls in flight hold: it may
    /// have been lowered while they were, and what they give back is then not for others to spend.
    /// </summary>
    internal Budget AsOf(DateTimeOffset now)
    {
        if (Raises.Count == 0)
        {
            return WithinLimit();
        }

        var ended = Raises.EndedAt(now);
        var taken = Money.Min(ended, Money.Max(Granted - Spent - Held, Money.Zero));
        var raises = Raises.At(now).Owing(ended - taken);
        return (raises.Equals(Raises) && taken == Money.Zero ? this : this with { Granted = Granted - taken, Raises = raises }).WithinLimit();
    }

    /// <summary>The budget with other raises, and granted an amount beside them. What is spent or held beyond both is owed.</summary>
    internal Budget Granting(Money forGood, Raises raises)
    {
        var granted = Money.Max(forGood + raises.Total, Money.Min(Granted, Spent + Held));
        return this with { Granted = granted, Raises = raises.Owing(granted - forGood - raises.Total) };
    }

    private Budget WithinLimit()
    {
        if (!IsSet)
        {
            return Granted == Spent + Held ? this : this with { Granted = Spent + Held };
        }

        var most = Money.Max(RaisedLimit, Held);
        return Granted - Spent > most ? this with { Granted = Spent + most } : this;
    }
}
