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
    private readonly StreamedUsage _usage = new();
    private object? _raw;

    /// <summary>The seconds or tokens that it counted; without usage when it did not say.</summary>
    public static ProviderReport Read(SpeechToTextResponse response, ModelCall call) =>
        Read(response.Usage, response.RawRepresentation, call, response.Contents.Any(StreamedUsage.IsText));

    public void Observe(SpeechToTextResponseUpdate update)
    {
        _raw = update.RawRepresentation ?? _raw;
        _usage.Observe(update.Contents, update.Kind == SpeechToTextResponseUpdateKind.SessionClose);
    }

    public ProviderReport End()
    {
        var report = Said();
        return IsBySecond(call) ? report : report with { Incomplete = report.Incomplete ?? _usage.Missing };
    }

    public ProviderReport BreakOff(string reason)
    {
        var report = Said();
        return !IsBySecond(call) && _usage.IsOfTheEnd ? report : report with { Incomplete = report.Incomplete ?? reason };
    }

    private ProviderReport Said() => Read(_usage.Told, _raw, call, _usage.HasOutput);

    private static bool IsBySecond(ModelCall call) => call.Shape.FeeUnits.ContainsKey(UsageCategory.AudioSecond);

    private static ProviderReport Read(UsageDetails? usage, object? raw, ModelCall call, bool hasOutput) => IsBySecond(call)
        ? new ProviderReport { Usage = Seconds(raw, call) is { } seconds ? new Usage { AudioSeconds = seconds } : null }
        : MediaUsage.Read(usage, call, hasOutput);

    /// <summary>Adapters hand on where the words start and end, which is less than what is billed.</summary>
    private static long? Seconds(object? raw, ModelCall call)
    {
        using var answer = RawAnswer.Read(raw);
        return answer is null ? null : Vendor.Of(call.Model.Provider).TranscribedSeconds(answer.RootElement);
    }
}
