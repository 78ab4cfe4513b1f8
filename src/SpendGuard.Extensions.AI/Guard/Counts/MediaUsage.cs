using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using SpendGuard.Billing;

namespace SpendGuard.Extensions.AI;

/// <summary>Takes the counts of calls for images and speech apart, by the same arithmetic as those of a chat.</summary>
[Experimental("MEAI001")]
internal static class MediaUsage
{
    /// <summary>What the counts say of the cost. A part that its model has no price of its own for costs what the whole does.</summary>
    /// <param name="details">The counts; null where none are told.</param>
    /// <param name="call">The call that they are of.</param>
    /// <param name="hasOutput">Whether the answer has something in it.</param>
    public static ProviderReport Read(UsageDetails? details, ModelCall call, bool hasOutput)
    {
        var report = ChatUsage.Read(details, call, hasOutput: hasOutput);
        if (details is null || report.Usage is not { } usage)
        {
            return report;
        }

        var (input, heard) = Part(usage.Input, usage.AudioInput, details.InputTextTokenCount, call.Shape.AudioInput);
        var (output, spoken) = Part(usage.Output, usage.AudioOutput, details.OutputTextTokenCount, call.Shape.AudioOutput);
        return report with { Usage = usage with { Input = input, AudioInput = heard, Output = output, AudioOutput = spoken } };
    }

    /// <summary>What of a count is audio: where that has a price, all that is not told to be text.</summary>
    private static (long Other, long Audio) Part(long other, long audio, long? text, bool hasPrice) =>
        !hasPrice ? (other + audio, 0)
        : audio > 0 && text is null ? (other, audio)
        : Math.Clamp(text ?? 0, 0, other) is var told ? (told, audio + other - told) : default;
}
