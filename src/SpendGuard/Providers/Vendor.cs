using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Providers.Anthropic;
using SpendGuard.Providers.Gemini;
using SpendGuard.Providers.OpenAI;
using SpendGuard.Providers.XAI;

namespace SpendGuard.Providers;

/// <summary>What is known of one vendor and not of others. What is said here holds for those of whom nothing is known.</summary>
[Experimental(ApiTier.Adapters)]
public class Vendor
{
    private static readonly Vendor Other = new();

    private static readonly FrozenDictionary<string, Vendor> Known = new Dictionary<string, Vendor>(StringComparer.Ordinal)
    {
        [OpenAIVendor.Name] = new OpenAIVendor(),
        [AnthropicVendor.Name] = new AnthropicVendor(),
        [GeminiVendor.Name] = new GeminiVendor(),
        [XAIVendor.Name] = new XAIVendor(),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private protected Vendor()
    {
    }

    /// <summary>Whether reasoning is part of the output that is counted.</summary>
    public virtual ReasoningPlace Reasoning => ReasoningPlace.Within;

    /// <summary>The vendor that bills under a name.</summary>
    /// <param name="provider">Who bills, as the price book names it.</param>
    public static Vendor Of(string provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return Known.GetValueOrDefault(provider, Other);
    }

    /// <summary>Starts to read an answer to a chat call, of whichever of the vendor's wire formats.</summary>
    /// <param name="shape">The call.</param>
    public virtual AnswerReader ChatReader(CallShape shape) => new OpenAIReader(this);

    /// <summary>What the vendor states that it charges, in the <c>usage</c> object of an answer; null for one that does not bill by what it states.</summary>
    internal virtual Money? StatedCost(JsonElement usage) => null;
}
