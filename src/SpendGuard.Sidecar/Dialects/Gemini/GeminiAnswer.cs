using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers.Gemini;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>Reads what an answer, or a chunk of one, says of its cost.</summary>
internal static class GeminiAnswer
{
    public static ProviderReport Report(JsonElement answer)
    {
        var usage = answer.Find("usageMetadata");
        return new ProviderReport
        {
            Usage = usage is { } told && GeminiUsage.Read(told) is { } counts ? counts with { GroundingQueries = GroundingQueries(answer) } : null,
            Model = Text(answer, "modelVersion"),
            ServiceTier = Tier(usage is { } where ? Text(where, "serviceTier") : null),
        };
    }

    /// <summary>A service tier as prices name it; null where none is named.</summary>
    public static string? Tier(string? named)
    {
        const string Prefix = "service_tier_";
        var tier = named?.ToLowerInvariant();
        tier = tier?.StartsWith(Prefix, StringComparison.Ordinal) == true ? tier[Prefix.Length..] : tier;
        return tier is "" or "unspecified" ? null : tier;
    }

    /// <summary>The queries that grounded the candidates; they are not in the usage.</summary>
    public static long GroundingQueries(JsonElement answer) =>
        answer.Find("candidates") is { ValueKind: JsonValueKind.Array } candidates ? candidates.EnumerateArray().Sum(QueriesOf) : 0;

    private static long QueriesOf(JsonElement candidate) =>
        candidate.Find("groundingMetadata")?.Find("webSearchQueries") is { ValueKind: JsonValueKind.Array } queries ? queries.GetArrayLength() : 0;

    private static string? Text(JsonElement parent, string name) => parent.Find(name)?.TextOrNull();
}
