using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>One entry of the ledger: what happened, and the balance after it. Entries are never changed.</summary>
public sealed record LedgerEntry
{
    /// <summary>For stores, which read it from where they keep it.</summary>
    [Experimental(ApiTier.Stores)]
    public LedgerEntry()
    {
    }

    /// <summary>The place in the order in which entries were committed.</summary>
    public long Sequence { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>When it happened, by the clock of the process that did it.</summary>
    public required DateTimeOffset At { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What happened.</summary>
    public required LedgerEntryKind Kind { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The agent; null where the entry is about a group.</summary>
    public AgentId? Agent { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The group; null where the entry is about an agent.</summary>
    public NodeId? Group { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The limit that was set or removed, such as <c>month (Europe/Berlin)</c>; null where the entry is about none.</summary>
    public string? Limit { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The group that a node was put under; null for none.</summary>
    public NodeId? Under { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>Who has done it, such as the name of a key; null where that is not known.</summary>
    public string? By { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>Why, as it was given; null where no reason was.</summary>
    public string? Reason { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The reservation; null for a change of the budget itself.</summary>
    public ReservationId? Reservation { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The run that the call belongs to.</summary>
    public RunId? Run { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What was called, as <c>provider:model</c>.</summary>
    public string? Model { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The function of the caller's that makes the call, such as <c>plugin-function</c>; null when it did not say.</summary>
    public string? Function { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What was let through without a cost bound, by name and separated by commas; null when all of the call is bounded.</summary>
    public string? Unbounded { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>
    /// What was held, or booked as spent, by this entry; a correction's is what the call is booked at from now on. Of a change of the budget it
    /// is the top-up that was asked for; what it has granted is <see cref="Added"/>. Of a limit it is its amount.
    /// </summary>
    public required Money Amount { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>
    /// What a change of the budget has added to what is granted: on the first set the amount to start with, later the top-up as far as the limit
    /// has let it through. Negative where a lower limit has taken back what was free. Null of other entries, and of those of earlier versions.
    /// </summary>
    public Money? Added { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The hard limit after the entry.</summary>
    public required Money HardLimit { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What is granted after the entry.</summary>
    public required Money Granted { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What of it is granted for a time, by approvals, or is to be taken back.</summary>
    public Money Raised { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What is spent after the entry.</summary>
    public required Money Spent { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What is held after the entry.</summary>
    public required Money Held { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What a call that this settles was counted at; null where that is not known, and of every entry of a store that keeps no counts.</summary>
    [Experimental(ApiTier.Adapters)]
    public TokenCounts? Tokens { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>Whether it is of a dry run, which holds for a moment and sends nothing; false in a store that does not keep it.</summary>
    [Experimental(ApiTier.Adapters)]
    public bool IsDryRun { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The caller's key of a change of the budget.</summary>
    public string? IdempotencyKey { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What a change with the same key has to repeat. A store keeps it as it is; nobody but the rules reads it.</summary>
    [Experimental(ApiTier.Stores)]
    public string? Content { get; init; }

    /// <summary>The entry of what a command has made of a budget.</summary>
    internal static LedgerEntry Of(
        LedgerEntryKind kind, BudgetCommand command, Budget after, Reservation? reservation, Money amount) => new()
        {
            At = command.At,
            Kind = kind,
            Agent = after.Agent,
            Reservation = reservation?.Id,
            Run = reservation?.Run,
            Model = reservation?.Model,
            Function = reservation?.Function,
            Unbounded = reservation?.Unbounded,
            Amount = amount,
            HardLimit = after.HardLimit,
            Granted = after.Granted,
            Raised = after.Raises.Total,
            Spent = after.Spent,
            Held = after.Held,
            Tokens = (command as Settle)?.Tokens,
            IsDryRun = command is Reserve { IsDryRun: true } or Release { IsDryRun: true },
        };

    /// <summary>The entry of what a command has made of a node; with the balance of its budget, where it is an agent that has one.</summary>
    internal static LedgerEntry Of(LedgerEntryKind kind, NodeCommand command, Node node, Budget? budget) => Of(kind, command.At, command.By, node, budget);

    /// <inheritdoc cref="Of(LedgerEntryKind, NodeCommand, Node, Budget)"/>
    internal static LedgerEntry Of(LedgerEntryKind kind, DateTimeOffset at, string? by, Node node, Budget? budget)
    {
        // A group that pauses because of a call has none, and the caller's is no concern of its ledger.
        var own = node.Kind == NodeKind.Agent ? budget : null;
        return new LedgerEntry
        {
            At = at,
            Kind = kind,
            Agent = node.Kind == NodeKind.Agent ? new AgentId(node.Id.Value) : (AgentId?)null,
            Group = node.Kind == NodeKind.Group ? node.Id : (NodeId?)null,
            By = by,
            Amount = Money.Zero,
            HardLimit = own?.HardLimit ?? Money.Zero,
            Granted = own?.Granted ?? Money.Zero,
            Raised = own?.Raises.Total ?? Money.Zero,
            Spent = own?.Spent ?? Money.Zero,
            Held = own?.Held ?? Money.Zero,
        };
    }
}
