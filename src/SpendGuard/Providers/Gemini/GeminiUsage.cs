using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.Gemini;

/// <summary>Reads the <c>usageMetadata</c> object of Gemini's <c>generateContent</c>.</summary>
/// <remarks>
/// The prompt includes what was cached. Candidates exclude thoughts, and what hosted tools brought in is counted apart. In a stream every
/// chunk tells all so far: the last one counts.
/// </remarks>
internal static class GeminiUsage
{
    /// <summary>Takes the counts apart into disjoint categories.</summary>
    /// <param name="usageMetadata">The object.</param>
    /// <returns>The usage, or null when the object does not tell input and output: the cost is unknown then.</returns>
    public static Usage? Read(JsonElement usageMetadata)
    {
        if (usageMetadata.ValueKind != JsonValueKind.Object
            || UsageJson.HasUnreadableCount(usageMetadata)
            || UsageJson.Count(usageMetadata, "promptTokenCount") is not { } prompt)
        {
            return null;
        }

        // Of images and the like no price is known.
        if (Tokens(usageMetadata, "candidatesTokensDetails", modality => modality is not (null or "TEXT" or "AUDIO" or "MODALITY_UNSPECIFIED")) > 0)
        {
            return null;
        }

        // Counts of zero are left out, so only the total tells that there was no output.
        var total = UsageJson.Count(usageMetadata, "totalTokenCount");
        var candidates = UsageJson.Count(usageMetadata, "candidatesTokenCount");
        if (total is null && candidates is null)
        {
            return null;
        }

        var thoughts = UsageJson.Count(usageMetadata, "thoughtsTokenCount") ?? 0;
        var toolUse = UsageJson.Count(usageMetadata, "toolUsePromptTokenCount") ?? 0;
        return new OverlappingCounts
        {
            Input = prompt,
            CachedInput = UsageJson.Count(usageMetadata, "cachedContentTokenCount") ?? 0,

            // Audio that was cached costs what cached tokens do.
            AudioInput = Math.Max(0, Audio(usageMetadata, "promptTokensDetails") - Audio(usageMetadata, "cacheTokensDetails")),
            InputBeside = toolUse,
            Output = candidates ?? Math.Max(0, total!.Value - prompt - toolUse - thoughts),
            ReasoningOutput = thoughts,
            AudioOutput = Audio(usageMetadata, "candidatesTokensDetails"),
            Total = total,
            Reasoning = ReasoningPlace.OnlyBeside,
        }.ToUsage();
    }

    private static long Audio(JsonElement usageMetadata, string details) => Tokens(usageMetadata, details, modality => modality == "AUDIO");

    private static long Tokens(JsonElement usageMetadata, string details, Func<string?, bool> ofModality) =>
        usageMetadata.TryGetProperty(details, out var modalities) && modalities.ValueKind == JsonValueKind.Array
            ? modalities.EnumerateArray()
                .Where(modality => modality.ValueKind == JsonValueKind.Object && ofModality(UsageJson.Text(modality, "modality")))
                .Sum(modality => UsageJson.Count(modality, "tokenCount") ?? 0)
            : 0;
}
