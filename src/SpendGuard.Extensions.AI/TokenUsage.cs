using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using SpendGuard.Billing;

namespace SpendGuard.Extensions.AI;

/// <summary>Reads the counts of calls that know neither caches nor reasoning.</summary>
[Experimental("MEAI001")]
internal static class TokenUsage
{
    /// <summary>The usage, or null when input or output are not told. Where the total says more, the rest is output.</summary>
    /// <param name="details">The counts.</param>
    /// <param name="audioInput">Whether input has a price as audio: what is not told to be text is that then.</param>
    public static Usage? Read(UsageDetails? details, bool audioInput = false)
    {
        if (details is not { InputTokenCount: >= 0 and var input, OutputTokenCount: >= 0 and var output })
        {
            return null;
        }

        var audio = audioInput ? Math.Clamp(details.InputAudioTokenCount ?? input - (details.InputTextTokenCount ?? 0), 0, input) : 0;
        return new Usage
        {
            Input = input - audio,
            AudioInput = audio,
            Output = Math.Max(output, (details.TotalTokenCount ?? 0) - input),
        };
    }
}
