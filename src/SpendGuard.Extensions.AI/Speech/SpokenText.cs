using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using SpendGuard.Billing;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI;

/// <summary>Gathers what the provider says that it spoke.</summary>
[Experimental("MEAI001")]
internal sealed class SpokenText(ModelCall call) : IStreamedCall<TextToSpeechResponseUpdate>
{
    private UsageDetails? _usage;

    /// <summary>The tokens that it counted; without usage when it did not say. Characters need no telling: they are those that were sent.</summary>
    public static ProviderReport Read(UsageDetails? usage, ModelCall call) => new()
    {
        Usage = call.Shape.FeeUnits.TryGetValue(UsageCategory.SpokenCharacter, out var characters)
            ? new Usage { SpokenCharacters = characters }
            : MediaUsage.Read(usage),
    };

    public void Observe(TextToSpeechResponseUpdate update)
    {
        foreach (var content in update.Contents.OfType<UsageContent>())
        {
            (_usage ??= new UsageDetails()).Add(content.Details);
        }
    }

    public ProviderReport End() => Read(_usage, call);

    public ProviderReport BreakOff(string reason) => End() with { Incomplete = reason };
}
