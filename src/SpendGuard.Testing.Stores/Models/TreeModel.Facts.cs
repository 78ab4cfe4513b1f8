using SpendGuard.Budgets;

namespace SpendGuard.Testing.Stores;

/// <content>What has happened.</content>
internal sealed partial class TreeModel
{
    /// <summary>One window of a limit: which node's, which limit's, the how-manieth.</summary>
    internal readonly record struct Place(string Node, string Limit, int Number);

    private abstract record Fact;

    /// <summary>What the ledger has an entry of.</summary>
    private abstract record Entered : Fact;

    private sealed record Born(string Node, bool IsGroup, string? Name, string? Under, bool IsEntered) : Fact;

    private sealed record Moved(string Node, string? Under) : Entered;

    private sealed record Gone(string Node, bool IsEntered) : Fact;

    private sealed record Stopped(string Node, string? By) : Entered;

    private sealed record Resumed(string Node) : Entered;

    private sealed record Capped(string Node, Limit Limit) : Entered;

    private sealed record Uncapped(string Node, string Window) : Entered;

    private sealed record Breaker(string Node, int? Count) : Entered;

    /// <summary>A call that was one too many of the same in its run.</summary>
    private sealed record Tripped(string Agent, string Run) : Fact;

    private sealed record Opened(Place Place, DateTimeOffset From, DateTimeOffset? Until, TimeSpan? Length, long? RunLimit) : Fact;

    private sealed record Rezoned(Place Place, DateTimeOffset? Until) : Fact;

    /// <summary>An agent's budget, in one of three ways: set with a top-up, set for all that is ever spent, or taken away.</summary>
    private sealed record Budgeted(string Agent, BudgetChange Change, long Limit, long TopUp, DateTimeOffset At, LimitAction? Action = null) : Entered;

    /// <summary>A request for approval, of the window that was full; of a budget that is the agent's total, by the number 0.</summary>
    private sealed record Asked(Place Place, int Ordinal) : Entered;

    /// <summary>What a store calls a request.</summary>
    private sealed record Named(ApprovalId Id, Asked Asked) : Fact;

    /// <summary>The answer: what is added, or nothing where it was denied.</summary>
    private sealed record Answered(Asked Asked, long? Add, DateTimeOffset? Until, DateTimeOffset At) : Entered;

    private sealed record Hold(string Id, string Agent, string? Run, long Floor, long Ceiling, long Amount, IReadOnlyList<Place> Places, DateTimeOffset At) : Entered
    {
        /// <summary>What it is counted by; null where it is not.</summary>
        public string? Counted { get; init; }
    }

    private sealed record Ending(string Id, ReservationEnd How, long Charge, DateTimeOffset At) : Entered;

    private enum BudgetChange
    {
        Set,
        Total,
        None,
    }
}
