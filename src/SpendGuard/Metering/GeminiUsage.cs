using System.Text.Json;

namespace SpendGuard.Metering;

/// <summary>Reads the <c>usageMetadata</c> object of Gemini's <c>generateContent</c>.</summary>
/// <remarks>
/// The prompt includes what was cached. Candidates exclude thoughts, and what hosted tools brought in is counted apart. In a stream every
/// chunk tells all so far: the last one counts. Where counts contradict each other, the dearer reading is taken.
/// </remarks>
public static class GeminiUsage
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

        // Counts of zero are left out, so only the total tells that there was no output.
        var total = UsageJson.Count(usageMetadata, "totalTokenCount");
        var candidates = UsageJson.Count(usageMetadata, "candidatesTokenCount");
        if (total is null && candidates is null)
        {
            return null;
        }

        var thoughts = UsageJson.Count(usageMetadata, "thoughtsTokenCount") ?? 0;
        var toolUse = UsageJson.Count(usageMetadata, "toolUsePromptTokenCount") ?? 0;
        var cached = Math.Min(UsageJson.Count(usageMetadata, "cachedContentTokenCount") ?? 0, prompt);
        var audio = Math.Min(AudioTokens(usageMetadata), prompt - cached);
        var output = Math.Max((candidates ?? 0) + thoughts, (total ?? 0) - prompt - toolUse);
        return new Usage
        {
            Input = prompt - cached - audio + toolUse,
            CachedInput = cached,
            AudioInput = audio,
            Output = output - thoughts,
            ReasoningOutput = thoughts,
        };
    }

    private static long AudioTokens(JsonElement usageMetadata)
    {
        if (!usageMetadata.TryGetProperty("promptTokensDetails", out var details) || details.ValueKind != JsonValueKind.Array)
        {
            return 0;
        }

        return details.EnumerateArray()
            .Where(detail => UsageJson.Text(detail, "modality") == "AUDIO")
            .Select(detail => UsageJson.Count(detail, "tokenCount") ?? 0)
            .FirstOrDefault();
    }
}
