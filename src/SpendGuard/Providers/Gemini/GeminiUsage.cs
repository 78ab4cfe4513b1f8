using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers.Counts;

namespace SpendGuard.Providers.Gemini;

/// <summary>Reads the <c>usageMetadata</c> object of Gemini's <c>generateContent</c>.</summary>
/// <remarks>
/// The prompt includes what was cached. Candidates exclude thoughts, and what hosted tools brought in is counted apart. In a stream every
/// chunk tells all so far.
/// </remarks>
internal static class GeminiUsage
{
    /// <summary>Images and the like have a price that is not known.</summary>
    private const string NotText = "candidatesTokensDetails";

    private static readonly string[] Details = ["promptTokensDetails", "cacheTokensDetails", NotText, "toolUsePromptTokensDetails"];

    private static readonly CountRules Rules = new() { Reasoning = ReasoningPlace.OnlyBeside, AlwaysTellsTotal = true };

    /// <summary>Reads the counts.</summary>
    /// <param name="usageMetadata">The object.</param>
    public static ToldCounts Read(JsonElement usageMetadata)
    {
        var told = ToldCounts.Read(usageMetadata, Details);
        foreach (var details in Details)
        {
            if (UsageJson.Find(usageMetadata, details) is { } parts && UsageJson.HasUnreadableCount(parts))
            {
                told.TakeUnreadable(details);
            }
        }

        if (Tokens(usageMetadata, NotText, modality => modality is not (null or "TEXT" or "AUDIO" or "MODALITY_UNSPECIFIED")) > 0)
        {
            told.TakeNotUnderstood(NotText);
        }

        // Audio that was cached costs what cached tokens do.
        told.Tell("input_audio_tokens", Math.Max(0, Audio(usageMetadata, "promptTokensDetails") - Audio(usageMetadata, "cacheTokensDetails")) is > 0 and var heard ? heard : null);
        told.Tell("output_audio_tokens", Audio(usageMetadata, NotText) is > 0 and var spoken ? spoken : null);
        return told;
    }

    /// <summary>What the counts say of the cost. Those of zero are left out, so only the total tells that there was no output.</summary>
    /// <param name="told">The counts.</param>
    /// <param name="hasOutput">Whether the answer is known to have something in it.</param>
    public static ProviderReport Report(ToldCounts told, bool hasOutput = false) => told.Report(Rules with { HasOutput = hasOutput });

    /// <summary>What the counts of an embedding say, which has input only. What is not text has prices of its own.</summary>
    /// <param name="usageMetadata">The object.</param>
    public static ProviderReport ReadEmbeddings(JsonElement usageMetadata)
    {
        string[] all = ["promptTokensDetails", "promptTokenDetails"];
        var told = ToldCounts.Read(usageMetadata, all);
        foreach (var details in all)
        {
            if (Tokens(usageMetadata, details, modality => modality is not (null or "TEXT" or "MODALITY_UNSPECIFIED")) > 0)
            {
                told.TakeNotUnderstood(details);
            }
        }

        return told.Report(new CountRules { InputOnly = true });
    }

    private static long Audio(JsonElement usageMetadata, string details) => Tokens(usageMetadata, details, modality => modality == "AUDIO");

    private static long Tokens(JsonElement usageMetadata, string details, Func<string?, bool> ofModality) =>
        UsageJson.Find(usageMetadata, details) is { ValueKind: JsonValueKind.Array } modalities
            ? modalities.EnumerateArray()
                .Where(modality => modality.ValueKind == JsonValueKind.Object && ofModality(UsageJson.Text(modality, "modality")))
                .Sum(modality => UsageJson.Count(modality, "tokenCount") ?? 0)
            : 0;
}
