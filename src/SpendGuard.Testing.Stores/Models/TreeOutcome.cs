using SpendGuard.Budgets;

namespace SpendGuard.Testing.Stores;

/// <summary>What a test compares of an answer about a tree.</summary>
internal sealed record TreeOutcome(
    BudgetStatus Status,
    (bool IsSet, long Limit, long Granted, long Raised, long Owed, long Spent, long Held, int InFlight, bool Closed)? Balance,
    (string Id, long Held, ReservationEnd End, long Charged, string Accounts)? Reservation,
    (string Node, string Limit, int Number, long Amount, long Spent, long Held)? Refusal,
    (string Id, bool IsGroup, string? Name, string? Under, int? IdenticalCalls, bool IsPaused, string? By, bool IsDeleted)? Node)
{
    /// <summary>Whether it names a request for approval.</summary>
    public bool Asks { get; init; }

    public static TreeOutcome Of(BudgetAnswer answer) => new(
        answer.Status,
        Of(answer.Budget),
        answer.Reservation is { } r ? (r.Id.Value, r.Held.Microcents, r.End, r.Charged.Microcents, r.Accounts.ToString()) : null,
        answer.Account is { } a ? (a.Node.Value, a.Limit, a.Number, a.Amount.Microcents, a.Spent.Microcents, a.Held.Microcents) : null,
        answer.Node is { } n ? Of(n) : null)
    {
        Asks = answer.Approval is not null,
    };

    public static (bool IsSet, long Limit, long Granted, long Raised, long Owed, long Spent, long Held, int InFlight, bool Closed)? Of(Budget? budget) => budget is { } b
        ? (b.IsSet, b.HardLimit.Microcents, b.Granted.Microcents, b.Raises.Lasting.Microcents, b.Raises.Owed.Microcents, b.Spent.Microcents, b.Held.Microcents, b.InFlight, b.Closed)
        : null;

    public static (string Id, bool IsGroup, string? Name, string? Under, int? IdenticalCalls, bool IsPaused, string? By, bool IsDeleted) Of(Node n) =>
        (n.Id.Value, n.Kind == NodeKind.Group, n.Name, n.Parent?.Value, n.IdenticalCalls, n.Pause is not null, n.Pause?.By, n.DeletedAt is not null);
}

/// <summary>A limit as the next call meets it.</summary>
internal sealed record LimitSight(Limit Limit, int Number, DateTimeOffset? Until, long Amount, long Spent, long Held);

/// <summary>A node as it is shown, with its limits in the order of their windows' names.</summary>
internal sealed record NodeSight(
    (string Id, bool IsGroup, string? Name, string? Under, int? IdenticalCalls, bool IsPaused, string? By, bool IsDeleted) Node,
    (bool IsSet, long Limit, long Granted, long Raised, long Owed, long Spent, long Held, int InFlight, bool Closed)? Balance,
    IReadOnlyList<LimitSight> Limits);
