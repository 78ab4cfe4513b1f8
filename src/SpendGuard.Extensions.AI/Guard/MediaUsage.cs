using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using SpendGuard.Billing;

namespace SpendGuard.Extensions.AI;

/// <summary>Reads the counts of calls that know neither caches nor reasoning.</summary>
[Experimental("MEAI001")]
internal static class MediaUsage
{
    /// <summary>The usage, or null when input or output are not told. Where the total says more, the rest is output.</summary>
    /// <param name="details">The counts.</param>
    /// <param name="audioInput">Whether input has a price as audio: what is not told to be text is that then.</param>
    public static Usage? Read(UsageDetails? details, bool audioInput = false) =>
        details is { InputTokenCount: { } input, OutputTokenCount: { } output }
            ? new OverlappingCounts
            {
                Input = input,
                AudioInput = audioInput ? Math.Clamp(details.InputAudioTokenCount ?? input - (details.InputTextTokenCount ?? 0), 0, Math.Max(0, input)) : 0,
                Output = output,
                Total = details.TotalTokenCount,
            }.ToUsage()
            : null;
}
