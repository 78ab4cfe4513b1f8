using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Alerts;

/// <summary>Something that people should know of a budget. It has nothing in it of what a call says, nor of any key.</summary>
/// <remarks>It is raised in the transaction that makes it true, and delivered at least once: the same alert may come again, with the same id.</remarks>
public sealed record Alert
{
    private const int LongestId = 64;

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>For stores, which raise it and read it from where they keep it.</summary>
    [Experimental(ApiTier.Stores)]
    public Alert()
    {
    }

    /// <summary>Tells it from all others, such as <c>evt_…</c>.</summary>
    /// <exception cref="ArgumentException">It is not 1 to 64 letters, digits, <c>_</c> and <c>-</c>: a receiver's signature is over what it ends in a full stop.</exception>
    public required string Id
    {
        get;
        [Experimental(ApiTier.Stores)]
        init => field = value is { Length: > 0 and <= LongestId } && value.AsSpan().IndexOfAnyExcept(IdCharacters) < 0
            ? value
            : throw new ArgumentException($"The id of an alert is 1 to {LongestId} letters, digits, '_' and '-'.", nameof(value));
    }

    /// <summary>What it tells of.</summary>
    public required AlertKind Kind { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>When that happened, by the clock of the process that did it.</summary>
    public required DateTimeOffset At { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The node whose limit it is, or that was paused or resumed.</summary>
    public required NodeId Node { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>Which limit of the node, such as <c>month</c>; null where it concerns none.</summary>
    public string? Limit { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The percentage of the limit that was reached.</summary>
    public int? Percent { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What the limit grants in its window.</summary>
    public Money? Granted { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What is spent of it.</summary>
    public Money? Spent { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What calls in flight hold of it.</summary>
    public Money? Held { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The least that the call had to hold; of a forfeited one, what was booked.</summary>
    public Money? Required { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The agent whose call it was.</summary>
    public AgentId? Agent { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The run that the call belongs to.</summary>
    public RunId? Run { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>What was called, as <c>provider:model</c>.</summary>
    public string? Model { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>Who has paused or resumed the node, such as the name of a key, or <c>breaker</c>; null where that is not known.</summary>
    public string? By { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>Why, as whoever did it said.</summary>
    public string? Reason { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The request for approval that waits for an answer.</summary>
    public string? ApprovalId { get; [Experimental(ApiTier.Stores)] init; }

    /// <summary>The alert in a sentence, on one line: fit for a log, or for a message to people.</summary>
    public override string ToString() => AlertSentence.Of(this);
}
