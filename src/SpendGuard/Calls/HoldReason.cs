using System.Collections.Immutable;
using SpendGuard.Bounds;

namespace SpendGuard.Calls;

/// <summary>Why a call holds more than what can be seen of it, for whoever is refused over that.</summary>
internal static class HoldReason
{
    /// <summary>The reasons, as whole sentences; null for none.</summary>
    /// <param name="shape">What is known of the call.</param>
    /// <param name="input">The input tokens that it holds.</param>
    /// <param name="cap">The output cap.</param>
    /// <param name="output">The output tokens that it holds at the least.</param>
    /// <param name="reasoning">Of a model that reasons before it answers, how many have to be of use to it; null of others.</param>
    public static string? Of(CallShape shape, long input, long cap, long output, long? reasoning = null)
    {
        string?[] reasons = [Input(shape, input), Output(shape, cap, output) ?? Reasoning(reasoning)];
        return reasons.All(reason => reason is null) ? null : string.Join(' ', reasons.Where(reason => reason is not null));
    }

    private static string? Input(CallShape shape, long held) => Hidden(shape) is { } hides
        ? $"It holds the {held} tokens that are the most the model takes in, because of {hides}, whose input cannot be seen."
        : null;

    private static string? Reasoning(long? least) => least is { } tokens
        ? $"It holds at least {tokens} tokens of output, as the model reasons before it answers and might say nothing with fewer; "
            + "a caller to whom fewer are of use asks for fewer, or says so (LeastReasoningOutputTokens, over HTTP x-spendguard-least-output)."
        : null;

    private static string? Hidden(CallShape shape) => shape.UnseenInput
        ?? (shape.HostedCalls is { Least: > 0 } hosted ? hosted.Name : null)
        ?? (shape.InputBound == long.MaxValue && shape.UnboundedFeatures is { IsDefaultOrEmpty: false } features ? string.Join(", ", features.AsEnumerable()) : null);

    private static string? Output(CallShape shape, long cap, long held) => shape.UnkeptCap is { } why
        ? $"It holds the {held} tokens that are the most the model gives out, and not the {cap} of its cap. {why}"
        : null;
}
