using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>One limit in one window, at one moment: what is granted, spent and held.</summary>
public sealed record Account
{
    /// <summary>For stores, which read it from where they keep it.</summary>
    [Experimental(ApiTier.Stores)]
    public Account()
    {
    }

    /// <summary>The node whose limit it is.</summary>
    public required NodeId Node { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The name of the limit's window, such as <c>month</c> or <c>rolling-1h</c>; of a run's own limit its id, after <c>run:</c>.</summary>
    public required string Limit { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The how-manieth window of the limit it is, from 1.</summary>
    [Experimental(ApiTier.Stores)]
    public required int Number { get; init; }

    /// <summary>When the window began; of one that has no beginning, when it was first used.</summary>
    public required DateTimeOffset From { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>When the window ends and the next begins, with nothing spent; null where it has no end.</summary>
    public DateTimeOffset? Until { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>How long it rolls; null where it does not.</summary>
    [Experimental(ApiTier.Stores)]
    public TimeSpan? Length { get; init; }

    /// <summary>The limit's amount, and what approvals have added to it for a time.</summary>
    public required Money Amount { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What spent and held may come to: the amount; or more, where it was lowered below what was spent and held by then.</summary>
    public required Money Granted { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What ended calls of the window cost; of a rolling one, those that count still.</summary>
    public Money Spent { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What calls in flight hold that were made in the window.</summary>
    public Money Held { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>Of a rolling window, what was spent when. A store keeps the text as it is.</summary>
    [Experimental(ApiTier.Stores)]
    public string? Slices { get; init; }

    /// <summary>What approvals have added to the limit's amount for a time. It is part of <see cref="Amount"/> as long as it lasts.</summary>
    [Experimental(ApiTier.Stores)]
    public Raises Raises { get; [Experimental(ApiTier.Stores)] init; } = Raises.None;

    /// <summary>At which percentages of the amount an alert is raised: as its limit says, and none of a run's own.</summary>
    [Experimental(ApiTier.Stores)]
    public AlertThresholds Thresholds { get; init; } = AlertThresholds.Default;

    /// <summary>The request for approval that was left in it, and was not approved; null for none.</summary>
    public ApprovalId? Approval { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What a new call can hold.</summary>
    public Money Available => Amount - Spent - Held;

    /// <summary>Whether a provider billed more than was held and granted.</summary>
    public bool Overdrawn => Spent + Held > Granted;

    /// <summary>Its name.</summary>
    [Experimental(ApiTier.Stores)]
    public AccountKey Key => new(Node, Limit, Number);

    /// <summary>What a new call could hold if all that is held came back.</summary>
    internal Money Attainable => Amount - Spent;
}
