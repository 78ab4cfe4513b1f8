using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.AI;
using SpendGuard.Billing;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI;

/// <summary>Gathers what the provider says that it listened to.</summary>
[Experimental("MEAI001")]
internal sealed class TranscribedAudio(ModelCall call) : IStreamedCall<SpeechToTextResponseUpdate>
{
    private UsageDetails? _usage;
    private object? _raw;

    /// <summary>The seconds or tokens that it counted; without usage when it did not say.</summary>
    public static ProviderReport Read(UsageDetails? usage, object? raw, ModelCall call) => new()
    {
        Usage = call.Shape.FeeUnits.ContainsKey(UsageCategory.AudioSecond)
            ? Seconds(raw) is { } seconds ? new Usage { AudioSeconds = seconds } : null
            : MediaUsage.Read(usage, call.Shape.AudioInput),
    };

    public void Observe(SpeechToTextResponseUpdate update)
    {
        _raw = update.RawRepresentation ?? _raw;
        foreach (var content in update.Contents.OfType<UsageContent>())
        {
            (_usage ??= new UsageDetails()).Add(content.Details);
        }
    }

    public ProviderReport End() => Read(_usage, _raw, call);

    /// <summary>
    /// The adapter hands on where the words start and end, which is less than what is billed. OpenAI's SDK writes a transcript only in its
    /// verbose format; of any other, the seconds stay unknown.
    /// </summary>
    private static long? Seconds(object? raw)
    {
        using var json = RawAnswer.Read(raw);
        if (json is null)
        {
            return null;
        }

        var told = json.RootElement.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object
            && usage.TryGetProperty("seconds", out var seconds) ? seconds
            : json.RootElement.TryGetProperty("duration", out var duration) ? duration
            : default;
        return told.ValueKind == JsonValueKind.Number && told.TryGetDecimal(out var length) && length is >= 0 and < int.MaxValue
            ? decimal.ToInt64(decimal.Ceiling(length))
            : null;
    }
}
