using System.Collections.Immutable;
using SpendGuard.Pricing.Terms;

namespace SpendGuard.Pricing.Import;

/// <summary>Makes a rate card of what a map states, or refuses: what is missing or cannot be is never taken for cheap.</summary>
/// <param name="published">The row.</param>
/// <param name="terms">What its vendor is known to charge where the row is silent. Maps often leave out what writing to a cache costs, or have it wrong.</param>
/// <param name="corrected">Takes a sentence for each figure that was not taken over as it stands.</param>
internal sealed class PublishedCard(PublishedModel published, SilentTerms terms, Action<string> corrected)
{
    private const int Decimals = 12;

    private readonly decimal _writeFactor = terms.Assumed ? 1 : terms.CacheWriteFactor;
    private readonly decimal _longWriteFactor = terms.Assumed ? 1 : terms.LongCacheWriteFactor;

    /// <exception cref="UnusableRowException">The row cannot be made a card.</exception>
    public RateCard Read()
    {
        RefuseName();
        var rates = Base();
        var tiers = published.ContextTiers.OrderBy(tier => tier.Key).Select(tier => ContextTier(tier.Key, tier.Value, rates)).ToImmutableArray();
        return new RateCard
        {
            Model = published.Model,
            Rates = TokenRates(rates),
            ContextTiers = tiers,
            ServiceTiers = new PublishedServiceTiers(published, corrected).Read([TokenRates(rates), .. tiers.Select(tier => tier.Rates)]),
            Fees = Fees(),
            MaxInputTokens = published.MaxInputTokens,
            MaxOutputTokens = MaxOutput(),
            ReasoningOutsideCap = ReasoningOutsideCap(),
        };
    }

    private void RefuseName()
    {
        if (FloatingAlias.Is(published.Model.Model))
        {
            throw new UnusableRowException("It is a floating alias: what it points to, and so its price, moves. Call the model by its own name.");
        }

        if (published.Model.Model.StartsWith("ft:", StringComparison.Ordinal))
        {
            throw new UnusableRowException("It stands for every fine-tuned model of its base, and no model has that name. Add a rate card of your own for yours.");
        }

        if (published.Embedding && !published.Model.Model.Contains("embed", StringComparison.OrdinalIgnoreCase))
        {
            throw new UnusableRowException("It is listed as an embedding model but not named as one; as such its output would be free.");
        }
    }

    private PublishedRates Base()
    {
        var rates = WithoutZeros(published.Rates, "");
        var input = Dearer(Price(published.Rates.Input, "input"), published.Rates.ImageInput, "input");
        var write = CacheWrite(rates.CacheWrite, input);
        return rates with
        {
            Input = input,
            Output = published.Embedding ? published.Rates.Output ?? 0 : Dearer(Price(published.Rates.Output, "output"), published.Rates.ImageOutput, "output"),
            CacheWrite = write,
            LongCacheWrite = LongCacheWrite(rates.LongCacheWrite, write ?? input, input),
        };
    }

    private static decimal Price(decimal? stated, string what, string where = "") => stated switch
    {
        null => throw new UnusableRowException($"It has no {what} price{where}. None stated is not none to pay."),
        0 => throw new UnusableRowException($"Its {what} price{where} is zero, which is a gap in the map and not a price."),
        { } price => price,
    };

    private decimal Dearer(decimal text, decimal? image, string what)
    {
        if (!(image > text))
        {
            return text;
        }

        corrected($"Image {what} at {image:0.####} cents is dearer than text at {text:0.####}; usage does not tell them apart, so it counts for both.");
        return image.Value;
    }

    private decimal? CacheWrite(decimal? stated, decimal input)
    {
        var least = input * _writeFactor;
        if (stated >= input)
        {
            return stated;
        }

        if (stated is not null)
        {
            corrected($"A cache write at {stated:0.####} cents is cheaper than input at {input:0.####}; it counts {least:0.####}.");
        }

        return _writeFactor == 1 ? null : least;
    }

    private decimal? LongCacheWrite(decimal? stated, decimal write, decimal input)
    {
        if (stated >= write)
        {
            return stated;
        }

        var derived = _longWriteFactor > _writeFactor ? Math.Max(write, input * _longWriteFactor) : (decimal?)null;
        if (stated is not null)
        {
            corrected($"A cache write for an hour at {stated:0.####} cents is cheaper than one for minutes at {write:0.####}; it counts {derived ?? write:0.####}.");
        }

        return derived;
    }

    /// <summary>A rate that the tier leaves out is that of the card; parts of input and output rise as input and output do.</summary>
    private ContextTier ContextTier(long threshold, PublishedRates stated, PublishedRates card)
    {
        var where = $" above {threshold} tokens";
        var tier = WithoutZeros(stated, where);
        var input = stated.Input is null ? card.Input!.Value : Price(stated.Input, "input", where);
        var output = stated.Output is null ? card.Output!.Value : Price(stated.Output, "output", where);
        var rates = new PublishedRates
        {
            Input = input,
            Output = output,
            CachedInput = tier.CachedInput ?? Risen(card.CachedInput, input, card.Input),
            CacheWrite = tier.CacheWrite ?? Risen(card.CacheWrite, input, card.Input),
            LongCacheWrite = tier.LongCacheWrite ?? Risen(card.LongCacheWrite, input, card.Input),
            AudioInput = tier.AudioInput ?? Risen(card.AudioInput, input, card.Input),
            ReasoningOutput = tier.ReasoningOutput ?? Risen(card.ReasoningOutput, output, card.Output),
            AudioOutput = tier.AudioOutput ?? Risen(card.AudioOutput, output, card.Output),
        };

        // xAI's tiers begin at their threshold, those of all others beyond it.
        return new ContextTier(threshold, Inclusive: published.Model.Provider is "grok", TokenRates(rates));
    }

    private static decimal? Risen(decimal? rate, decimal to, decimal? from) =>
        rate is { } stated && from > 0 ? Math.Max(stated, RoundUp(stated * to / from.Value, Decimals)) : rate;

    /// <summary>A rate of zero, beside those for input and output, stands for a figure that is not known: what it is part of counts.</summary>
    private PublishedRates WithoutZeros(PublishedRates rates, string where)
    {
        return rates with
        {
            CachedInput = NotZero(rates.CachedInput, "cached input"),
            CacheWrite = NotZero(rates.CacheWrite, "cache writes"),
            LongCacheWrite = NotZero(rates.LongCacheWrite, "cache writes for an hour"),
            ReasoningOutput = NotZero(rates.ReasoningOutput, "reasoning"),
            AudioInput = NotZero(rates.AudioInput, "audio input"),
            AudioOutput = NotZero(rates.AudioOutput, "audio output"),
        };

        decimal? NotZero(decimal? rate, string what)
        {
            if (rate is not 0)
            {
                return rate;
            }

            corrected($"A price of zero for {what}{where} is not taken over.");
            return null;
        }
    }

    private static TokenRates TokenRates(PublishedRates rates) => new()
    {
        Input = Rate(rates.Input)!.Value,
        Output = Rate(rates.Output)!.Value,
        CachedInput = Rate(rates.CachedInput),
        CacheWrite = Rate(rates.CacheWrite),
        LongCacheWrite = Rate(rates.LongCacheWrite),
        ReasoningOutput = Rate(rates.ReasoningOutput),
        AudioInput = Rate(rates.AudioInput),
        AudioOutput = Rate(rates.AudioOutput),
    };

    private ImmutableDictionary<UsageCategory, Rate> Fees()
    {
        var fees = ImmutableDictionary<UsageCategory, Rate>.Empty;
        if (published.CentsPerSearch > 0)
        {
            fees = fees.Add(published.Model.Provider is "gemini" ? UsageCategory.GroundingQuery : UsageCategory.WebSearch, Fee(published.CentsPerSearch));
        }

        return published.CentsPerFileSearch > 0 ? fees.Add(UsageCategory.FileSearch, Fee(published.CentsPerFileSearch)) : fees;
    }

    /// <summary>The most that xAI can bill for is what fits beside the input: maps list an output limit for it that reasoning does not keep.</summary>
    private long? MaxOutput() => published.Model.Provider is "grok" && published.MaxInputTokens > (published.MaxOutputTokens ?? 0)
        ? published.MaxInputTokens
        : published.MaxOutputTokens;

    private bool ReasoningOutsideCap() => published.Model.Provider is "grok" && !published.Embedding && published.Reasons is not false
        && !published.Model.Model.Contains("non-reasoning", StringComparison.Ordinal);

    private static Rate? Rate(decimal? cents) => cents is { } number ? Exact(number, SpendGuard.Rate.FromMicrocents) : null;

    private static Rate Fee(decimal? cents) => Exact(cents!.Value, SpendGuard.Rate.FromCents);

    private static Rate Exact(decimal cents, Func<decimal, Rate> rate)
    {
        try
        {
            return rate(cents);
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or OverflowException)
        {
            throw new UnusableRowException($"A price of {cents:0.############################} cents is too large or has too many decimals.");
        }
    }

    internal static decimal RoundUp(decimal number, int decimals) => decimal.Round(number, decimals, MidpointRounding.ToPositiveInfinity);
}
