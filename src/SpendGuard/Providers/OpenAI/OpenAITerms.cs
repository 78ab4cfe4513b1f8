using System.Collections.Immutable;
using SpendGuard.Pricing;
using SpendGuard.Pricing.Terms;

namespace SpendGuard.Providers.OpenAI;

/// <summary>What OpenAI charges where a rate card is silent.</summary>
internal static class OpenAITerms
{
    private static readonly Version FirstWithLongContext = new(5, 4);
    private static readonly Version FirstThatWritesUnasked = new(5, 6);
    private static readonly Version FirstWithLongCache = new(6, 2);

    /// <summary>Older models that can be served at the fast tier because the project is set to it.</summary>
    private static readonly string[] OlderWithFastTier = ["gpt-4o", "gpt-4.1", "o3", "o4-mini"];

    /// <summary>Variants without a fast tier.</summary>
    private static readonly string[] WithoutFastTier = ["-pro", "-audio", "-search", "-deep-research", "o3-mini", "gpt-5-chat", "gpt-5-codex", "-codex-max", "-spark", "-transcribe", "-tts"];

    /// <summary>Every token of a batch costs half; what its tools cost is not said to be less.</summary>
    /// <remarks>Published at developers.openai.com/api/docs/guides/batch. A card that states a tier of this name overrules it.</remarks>
    private static readonly ServiceTier Batch = new(0.5m, 0.5m);

    public static SilentTerms Of(string model)
    {
        var version = OpenAIModel.VersionOf(model);
        return new()
        {
            Assumed = version == OpenAIModel.Unknown,

            // From this version on the cache is written without being asked to, and billed.
            CacheWriteFactor = version >= FirstThatWritesUnasked ? 1.25m : 1,
            LongCacheWriteFactor = version >= FirstWithLongCache ? 2.5m : version >= FirstThatWritesUnasked ? 1.25m : 1,
            LongContext = version >= FirstWithLongContext && !IsSmall(model) ? new(272_000, Inclusive: false, InputFactor: 2, OutputFactor: 1.5m) : null,
            ServiceTiers = version == OpenAIModel.Unknown ? FastTiers(model, version) : FastTiers(model, version).Add(ServiceTier.Batch, Batch),
            Fees = ImmutableDictionary<UsageCategory, Rate>.Empty.Add(UsageCategory.WebSearch, Rate.FromCents(CentsPerSearch(model, version))),
        };
    }

    /// <summary>The small ones of 5.4 take no more than what the others take before they are dearer.</summary>
    private static bool IsSmall(string model) => OpenAIModel.Starts(model, "gpt-5.4-mini", "gpt-5.4-nano");

    /// <summary>Twice the price, and two and a half times that of 5.5; of what is newer than is known, the dearest known.</summary>
    private static ImmutableDictionary<string, ServiceTier> FastTiers(string model, Version version)
    {
        if (Array.Exists(WithoutFastTier, part => model.Contains(part, StringComparison.Ordinal))
            || (version.Major < 5 && !OpenAIModel.Starts(model, OlderWithFastTier)))
        {
            return ImmutableDictionary<string, ServiceTier>.Empty;
        }

        var factor = version is { Major: 5, Minor: 5 } || version > FirstWithLongCache ? 2.5m : 2;
        var tier = new ServiceTier(factor, factor);
        return ImmutableDictionary<string, ServiceTier>.Empty.Add("priority", tier).Add("fast", tier);
    }

    /// <summary>A search costs a cent; those of the preview, which older models were sold with, up to five.</summary>
    private static decimal CentsPerSearch(string model, Version version) =>
        OpenAIModel.Starts(model, "gpt-4o") ? 5
        : OpenAIModel.Starts(model, "gpt-4.1") ? 2.5m
        : version.Major is 5 or 6 || OpenAIModel.Starts(model, "o3", "o4-") ? 1
        : 2.5m;
}
