using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using SpendGuard.Billing;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI;

/// <summary>Gathers what the provider says that it spoke.</summary>
[Experimental("MEAI001")]
internal sealed class SpokenText(ModelCall call) : IStreamedCall<TextToSpeechResponseUpdate>
{
    private readonly StreamedUsage _usage = new();

    private bool IsByCharacter => call.Shape.FeeUnits.ContainsKey(UsageCategory.SpokenCharacter);

    /// <summary>The tokens that it counted; without usage when it did not say. Characters need no telling: they are those that were sent.</summary>
    public static ProviderReport Read(TextToSpeechResponse response, ModelCall call) =>
        Read(response.Usage, call, response.Contents.Any(StreamedUsage.IsMade));

    public void Observe(TextToSpeechResponseUpdate update) =>
        _usage.Observe(update.Contents, update.Kind == TextToSpeechResponseUpdateKind.SessionClose);

    public ProviderReport End()
    {
        var report = Read(_usage.Told, call, _usage.HasOutput);
        return IsByCharacter ? report : report with { Incomplete = report.Incomplete ?? _usage.Missing };
    }

    public ProviderReport BreakOff(string reason)
    {
        var report = Read(_usage.Told, call, _usage.HasOutput);
        return !IsByCharacter && _usage.IsOfTheEnd ? report : report with { Incomplete = report.Incomplete ?? reason };
    }

    private static ProviderReport Read(UsageDetails? usage, ModelCall call, bool hasOutput) =>
        call.Shape.FeeUnits.TryGetValue(UsageCategory.SpokenCharacter, out var characters)
            ? new ProviderReport { Usage = new Usage { SpokenCharacters = characters } }
            : MediaUsage.Read(usage, call, hasOutput);
}
