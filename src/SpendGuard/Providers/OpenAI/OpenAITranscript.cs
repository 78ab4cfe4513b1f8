using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.OpenAI;

/// <summary>Reads transcripts. Only the verbose format says how long the audio was.</summary>
internal static class OpenAITranscript
{
    public static long? Seconds(JsonElement answer)
    {
        var told = UsageJson.Object(answer, "usage") is { } usage && usage.TryGetProperty("seconds", out var seconds) ? seconds
            : UsageJson.Find(answer, "duration") ?? default;
        return told.ValueKind == JsonValueKind.Number && told.TryGetDecimal(out var length) && length is >= 0 and < int.MaxValue
            ? decimal.ToInt64(decimal.Ceiling(length))
            : null;
    }
}
