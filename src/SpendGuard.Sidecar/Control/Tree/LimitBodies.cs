using System.Text.Json.Serialization;
using SpendGuard.Budgets;

namespace SpendGuard.Sidecar.Control.Tree;

/// <summary>A limit and its open window as the next call would meet it: whole cents, exact microcents beside. What is held is not spent yet, and is part of what is left.</summary>
internal sealed record LimitBody
{
    [JsonPropertyName("window")]
    public required string Window { get; init; }

    /// <summary>The time zone of a period of the calendar; null where it is none.</summary>
    [JsonPropertyName("zone")]
    public required string? Zone { get; init; }

    /// <summary><c>refuse</c>, <c>pause</c>, or <c>ask</c>.</summary>
    [JsonPropertyName("action")]
    public required string Action { get; init; }

    /// <summary>At which percentages of the amount an alert is raised.</summary>
    [JsonPropertyName("alert_at")]
    public required IReadOnlyList<int> AlertAt { get; init; }

    [JsonPropertyName("amount_cents")]
    public required long AmountCents { get; init; }

    [JsonPropertyName("amount_microcents")]
    public required long AmountMicrocents { get; init; }

    /// <summary>What approvals have added for a time: it is not part of the amount, but of what is granted and left.</summary>
    [JsonPropertyName("raised_microcents")]
    public required long RaisedMicrocents { get; init; }

    /// <summary>When the first of that is taken back; null where it lasts until the limit is set anew, or is nothing.</summary>
    [JsonPropertyName("raised_until")]
    public required string? RaisedUntil { get; init; }

    [JsonPropertyName("granted_cents")]
    public required long GrantedCents { get; init; }

    [JsonPropertyName("granted_microcents")]
    public required long GrantedMicrocents { get; init; }

    [JsonPropertyName("spent_cents")]
    public required long SpentCents { get; init; }

    [JsonPropertyName("spent_microcents")]
    public required long SpentMicrocents { get; init; }

    [JsonPropertyName("held_cents")]
    public required long HeldCents { get; init; }

    [JsonPropertyName("held_microcents")]
    public required long HeldMicrocents { get; init; }

    [JsonPropertyName("left_cents")]
    public required long LeftCents { get; init; }

    [JsonPropertyName("left_microcents")]
    public required long LeftMicrocents { get; init; }

    /// <summary>When the open window began; of an agent's total null.</summary>
    [JsonPropertyName("from")]
    public required string? From { get; init; }

    /// <summary>When nothing is spent in it: the next window, or an empty rolling one; null where that is never, or is so already.</summary>
    [JsonPropertyName("resets_at")]
    public required string? ResetsAt { get; init; }

    [JsonPropertyName("overdrawn")]
    public required bool Overdrawn { get; init; }

    /// <summary>Those of a node; of an agent its budget, as its total, before the others.</summary>
    public static IReadOnlyList<LimitBody> AllOf(NodeBudgets node) =>
        [.. node.Budget is { } budget ? [OfBudget(budget)] : Array.Empty<LimitBody>(), .. node.Limits.Select(Of)];

    private static LimitBody Of(LimitBudget limit) => Figures(
        limit.Limit, limit.Limit.Amount, limit.Account.Granted, limit.Account.Spent, limit.Account.Held, limit.Account.Amount - limit.Account.Spent) with
        {
            From = AgentBody.Time(limit.Account.From),
            ResetsAt = limit.ResetsAt is { } at ? AgentBody.Time(at) : null,
            Overdrawn = limit.Account.Overdrawn,
            RaisedMicrocents = limit.Account.Raises.Total.Microcents,
            RaisedUntil = UntilOf(limit.Account.Raises),
        };

    private static LimitBody OfBudget(Budget budget) => Figures(
        Limit.Total(budget.HardLimit).AlertingAt([.. budget.Thresholds]), budget.HardLimit, budget.Granted - budget.Raises.Owed, budget.Spent, budget.Held, budget.Remaining) with
        {
            Action = ActionName.Of(budget.Action),
            Overdrawn = budget.Overdrawn,
            RaisedMicrocents = budget.Raises.Lasting.Microcents,
            RaisedUntil = UntilOf(budget.Raises),
        };

    /// <summary>What is owed of one that has ended says no time.</summary>
    private static string? UntilOf(Raises raises) =>
        raises.Where(raise => raise.Until > DateTimeOffset.MinValue).Min(raise => raise.Until) is { } until ? AgentBody.Time(until) : null;

    private static LimitBody Figures(Limit limit, Money amount, Money granted, Money spent, Money held, Money left) => new()
    {
        Window = limit.Window.Name,
        Zone = limit.Window.Zone,
        Action = ActionName.Of(limit.Action),
        AlertAt = [.. limit.Thresholds],
        AmountCents = amount.CentsRoundedDown,
        AmountMicrocents = amount.Microcents,
        RaisedMicrocents = 0,
        RaisedUntil = null,
        GrantedCents = granted.CentsRoundedDown,
        GrantedMicrocents = granted.Microcents,
        SpentCents = spent.CentsRoundedUp,
        SpentMicrocents = spent.Microcents,
        HeldCents = held.CentsRoundedUp,
        HeldMicrocents = held.Microcents,
        LeftCents = left.CentsRoundedDown,
        LeftMicrocents = left.Microcents,
        From = null,
        ResetsAt = null,
        Overdrawn = false,
    };
}

/// <summary>What a limit is set to. Its window stands in the path.</summary>
internal sealed record LimitRequest
{
    [JsonPropertyName("amount_cents")]
    public long? AmountCents { get; init; }

    /// <summary>The same, exact, in the place of cents.</summary>
    [JsonPropertyName("amount_microcents")]
    public long? AmountMicrocents { get; init; }

    /// <summary>The IANA name of the time zone of a period of the calendar; UTC when null.</summary>
    [JsonPropertyName("zone")]
    public string? Zone { get; init; }

    /// <summary><c>refuse</c>; <c>pause</c> for a breaker; <c>ask</c> to leave a request for approval.</summary>
    [JsonPropertyName("action")]
    public string Action { get; init; } = "refuse";

    /// <summary>At which percentages of the amount an alert is raised: up to 8, each 1 to 100. 80 and 100 when null, also where it was something else before.</summary>
    [JsonPropertyName("alert_at")]
    public IReadOnlyList<int>? AlertAt { get; init; }
}

/// <param name="Limits">The limits.</param>
/// <param name="IdenticalCalls">How many identical calls in a row of a run pause its agent; null where the node does not say.</param>
internal sealed record LimitList(
    [property: JsonPropertyName("limits")] IReadOnlyList<LimitBody> Limits,
    [property: JsonPropertyName("identical_calls")] int? IdenticalCalls);

internal sealed record LimitRemoved(
    [property: JsonPropertyName("window")] string Window,
    [property: JsonPropertyName("removed")] bool Removed);
