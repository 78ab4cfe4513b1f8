#pragma warning disable MEAI001 // Counts of audio are experimental, and billed all the same.

using Microsoft.Extensions.AI;
using SpendGuard.Providers.Counts;

namespace SpendGuard.Extensions.AI;

/// <summary>Takes in the counts of <see cref="UsageDetails"/>; each adapter fills them in its own way.</summary>
internal static class AdapterCounts
{
    public static ToldCounts Of(UsageDetails details)
    {
        var told = new ToldCounts();
        told.Tell("input_tokens", details.InputTokenCount);
        told.Tell("output_tokens", details.OutputTokenCount);
        told.Tell("total_tokens", details.TotalTokenCount);
        told.Tell("cached_tokens", details.CachedInputTokenCount);
        told.Tell("reasoning_tokens", details.ReasoningTokenCount);
        told.Tell("input_audio_tokens", details.InputAudioTokenCount);
        told.Tell("output_audio_tokens", details.OutputAudioTokenCount);
        foreach (var (name, count) in details.AdditionalCounts ?? [])
        {
            told.Tell(name, count);
        }

        return told;
    }
}
