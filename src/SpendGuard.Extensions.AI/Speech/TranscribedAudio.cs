using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using SpendGuard.Billing;
using SpendGuard.Pricing;
using SpendGuard.Providers;

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
            ? Seconds(raw, call) is { } seconds ? new Usage { AudioSeconds = seconds } : null
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

    public ProviderReport BreakOff(string reason) => End() with { Incomplete = reason };

    /// <summary>Adapters hand on where the words start and end, which is less than what is billed.</summary>
    private static long? Seconds(object? raw, ModelCall call)
    {
        using var answer = RawAnswer.Read(raw);
        return answer is null ? null : Vendor.Of(call.Model.Provider).TranscribedSeconds(answer.RootElement);
    }
}
