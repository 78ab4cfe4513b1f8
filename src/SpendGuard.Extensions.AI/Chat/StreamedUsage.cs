using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>Puts together what the updates of a stream tell of the usage.</summary>
/// <remarks>
/// By the contract of the abstractions each usage is an addition to the last. Some adapters tell all so far each time instead, which shows in
/// an input that is the same every time: those are not added up.
/// </remarks>
internal sealed class StreamedUsage
{
    private UsageDetails? _sum;
    private UsageDetails? _last;
    private bool _repeats = true;
    private bool _hasFinished;
    private bool _isFollowed;
    private bool _isOfTheEnd;

    /// <summary>The usage; null when none was told.</summary>
    public UsageDetails? Told => _repeats ? _last : _sum;

    /// <summary>Whether any of the answer has come.</summary>
    public bool HasOutput { get; private set; }

    /// <summary>Why the usage may be of less than all, once the stream has ended; null when it is not.</summary>
    public string? Missing => _isFollowed ? "more of the answer followed the usage" : null;

    /// <summary>Whether the usage was told when the answer had finished: it is all, whether the stream goes on to its end or not.</summary>
    public bool IsOfTheEnd => _isOfTheEnd && !_isFollowed;

    public void Observe(ChatResponseUpdate update) => Observe(update.Contents, update.FinishReason is not null);

    /// <summary>Takes in the next update.</summary>
    /// <param name="contents">What it brings.</param>
    /// <param name="finishes">Whether the answer has finished with it.</param>
    public void Observe(IEnumerable<AIContent> contents, bool finishes)
    {
        var brought = contents as ICollection<AIContent> ?? [.. contents];
        var hasPiece = brought.Any(content => IsText(content) || IsMade(content));
        HasOutput |= hasPiece || brought.Any(content => content is FunctionCallContent);
        _isFollowed |= hasPiece;
        _hasFinished |= finishes;
        foreach (var usage in brought.OfType<UsageContent>())
        {
            Add(usage.Details);
            (_isFollowed, _isOfTheEnd) = (false, _hasFinished);
        }
    }

    /// <summary>Whether a content is something that a model has made, such as an image or sound.</summary>
    public static bool IsMade(AIContent content) => content is DataContent or UriContent;

    public static bool IsText(AIContent content) => content is TextContent { Text.Length: > 0 } or TextReasoningContent { Text.Length: > 0 };

    private void Add(UsageDetails details)
    {
        _repeats &= _last is null || Repeats(_last, details);
        (_sum ??= new UsageDetails()).Add(details);
        _last = _last is null ? details : Later(details, _last);
    }

    private static bool Repeats(UsageDetails earlier, UsageDetails later) =>
        later.InputTokenCount > 0
        && later.InputTokenCount == earlier.InputTokenCount
        && (later.CachedInputTokenCount ?? 0) >= (earlier.CachedInputTokenCount ?? 0)
        && (later.OutputTokenCount ?? 0) >= (earlier.OutputTokenCount ?? 0);

    /// <summary>The later of two reports of all so far; what it leaves out stays as it was.</summary>
    private static UsageDetails Later(UsageDetails later, UsageDetails earlier)
    {
        var missing = new UsageDetails
        {
            OutputTokenCount = later.OutputTokenCount is null ? earlier.OutputTokenCount : null,
            TotalTokenCount = later.TotalTokenCount is null ? earlier.TotalTokenCount : null,
            CachedInputTokenCount = later.CachedInputTokenCount is null ? earlier.CachedInputTokenCount : null,
            ReasoningTokenCount = later.ReasoningTokenCount is null ? earlier.ReasoningTokenCount : null,
            AdditionalCounts = [],
        };
        foreach (var (name, count) in earlier.AdditionalCounts ?? [])
        {
            if (later.AdditionalCounts?.ContainsKey(name) != true)
            {
                missing.AdditionalCounts[name] = count;
            }
        }

        missing.Add(later);
        return missing;
    }
}
