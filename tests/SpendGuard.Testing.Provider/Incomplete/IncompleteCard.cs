using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Incomplete;

/// <summary>Makes one card with any subset of its fields, and beside each field what is billed with it and without it.</summary>
internal sealed class IncompleteCard(int number, PublishedRules rules)
{
    private const long Unlimited = 2_000_000;

    private readonly Random _random = new((number * 31) + rules.Family.Length);
    private readonly JsonObject _card = [];
    private bool _fromTheThreshold;

    /// <summary>Anthropic counts what is thought as output, and has no price for it.</summary>
    private bool CountsReasoning => rules.Provider != "anthropic";

    public IncompleteModel Make()
    {
        var plain = (decimal)(4 * (1 + _random.Next(200)));
        var output = plain * (1 + _random.Next(6));
        var bills = new ProviderPrice(Name(), plain, output)
        {
            CachedInput = Input(plain),
            CacheWrite = Stated("cache_write_input_cents_per_1m", plain, 1, 1.25m, 1.5m) ?? rules.CacheWrite * plain,
            Reasoning = CountsReasoning ? Stated("reasoning_output_cents_per_1m", output, 1, 1.25m, 1.5m) ?? output : output,
            Search = Search(),
            Reasons = rules.ReasonsBeyondCap,
            Tiers = Tiers(),
        };
        _card["output_cents_per_1m"] = output;
        bills = bills with
        {
            CacheWriteOneHour = Stated("cache_write_1h_input_cents_per_1m", bills.CacheWrite.Value, 1, 1.5m, 2)
                ?? Math.Max(bills.CacheWrite.Value, rules.LongCacheWrite * plain),
        };
        var (from, dearer) = _random.Next(3) switch
        {
            0 => OneTier(bills),
            1 => Cliff(bills),
            _ => (rules.LongContextFrom, Raised(bills)),
        };
        var document = new JsonObject
        {
            ["generated_at"] = "2026-11-23T00:00:00Z",
            ["rates"] = new JsonObject { [rules.Provider] = new JsonObject { [bills.Model] = _card } },
        };
        bills = Maxima(bills with { LongContextFrom = from, LongContext = dearer });
        return new(number, rules, document.ToJsonString(), bills);
    }

    /// <summary>The rates beyond the vendor's threshold, where the document does not tell of one.</summary>
    private ProviderPrice Raised(ProviderPrice card) => new("", card.Input * rules.LongInput, card.Output * rules.LongOutput)
    {
        CachedInput = card.CachedInput * rules.LongInput,
        CacheWrite = card.CacheWrite * rules.LongInput,
        CacheWriteOneHour = card.CacheWriteOneHour * rules.LongInput,
        Reasoning = card.Reasoning * rules.LongOutput,
    };

    /// <summary>A tier whose rates may be left out but for two; what one of them leaves as it is has the vendor's factor.</summary>
    private (long From, ProviderPrice Rates) OneTier(ProviderPrice card)
    {
        var (input, output) = (Factor(), Factor());
        var tier = new JsonObject { ["input_cents_per_1m"] = card.Input * input, ["output_cents_per_1m"] = card.Output * output };
        var from = Threshold(tier, "threshold_tokens", inclusive: OneIn(2));
        var (sameInput, sameOutput) = (input == 1, output == 1);
        (input, output) = (sameInput ? rules.LongInput : input, sameOutput ? rules.LongOutput : output);
        var write = (sameInput ? null : Stated("cache_write_input_cents_per_1m", card.CacheWrite!.Value * input, [1, 1.25m], tier)) ?? card.CacheWrite!.Value * input;
        var rates = new ProviderPrice("", card.Input * input, card.Output * output)
        {
            CachedInput = (sameInput ? null : Stated("cached_input_cents_per_1m", card.Input * input, [0.1m, 0.5m, 1], tier))
                ?? Math.Max(card.Input * input, sameInput && card.CachedInput > card.Input ? card.CachedInput.Value * input : card.CachedInput!.Value),
            CacheWrite = write,
            CacheWriteOneHour = (sameInput ? null : Stated("cache_write_1h_input_cents_per_1m", Math.Max(write, card.CacheWriteOneHour!.Value * input), [1, 1.25m], tier))
                ?? Math.Max(write, card.CacheWriteOneHour!.Value * input),
            Reasoning = (sameOutput || !CountsReasoning ? null : Stated("reasoning_output_cents_per_1m", card.Reasoning!.Value * output, [1, 1.25m], tier)) ?? card.Reasoning!.Value * output,
        };
        _card["context_tiers"] = new JsonArray(tier);
        return (from, rates);
    }

    /// <summary>The cliff of older documents, of which either factor may be left out. It leaves a reasoning rate that is stated as it is.</summary>
    private (long From, ProviderPrice Rates) Cliff(ProviderPrice card)
    {
        var from = Threshold(_card, "context_cliff_threshold_tokens", inclusive: false);
        var input = CliffFactor("context_cliff_input_multiplier") ?? rules.LongInput;
        var told = CliffFactor("context_cliff_output_multiplier");
        var output = told ?? rules.LongOutput;
        return (from, new ProviderPrice("", card.Input * input, card.Output * output)
        {
            CachedInput = card.CachedInput * input,
            CacheWrite = card.CacheWrite * input,
            CacheWriteOneHour = card.CacheWriteOneHour * input,
            Reasoning = told is not null && _card.ContainsKey("reasoning_output_cents_per_1m") ? card.Reasoning : card.Reasoning * output,
        });
    }

    private decimal? CliffFactor(string name)
    {
        if (OneIn(2))
        {
            return null;
        }

        var factor = Factor();
        _card[name] = factor;
        return factor == 1 ? null : factor;
    }

    private long Threshold(JsonObject fields, string name, bool inclusive)
    {
        long[] thresholds = [400, 1_500, 100_000, 200_000];
        var threshold = thresholds[_random.Next(thresholds.Length)];
        fields[name] = threshold;
        _fromTheThreshold = inclusive;
        if (inclusive)
        {
            fields["inclusive"] = true;
        }

        return inclusive ? threshold : threshold + 1;
    }

    /// <summary>A tier that begins at the maximum or beyond it shows that the model takes more.</summary>
    private ProviderPrice Maxima(ProviderPrice card)
    {
        var most = Count("max_input_tokens", 1_000, 5_000, 100_000, 128_000, 200_000, 272_000, 1_000_000);
        var says = Count("max_output_tokens", 300, 2_000, 64_000);
        var stated = _card.ContainsKey("context_tiers") || _card.ContainsKey("context_cliff_threshold_tokens");
        var begins = card.LongContextFrom - (stated ? (_fromTheThreshold ? 0 : 1) : rules.TakesFromTheThreshold ? 0 : 1);
        var contradicted = stated || rules.TakesLongContext ? most <= begins : rules.TakesFromTheThreshold && most == begins;
        var takes = contradicted ? null : most;
        if (OneIn(3))
        {
            _card["reasoning_outside_cap"] = rules.ReasonsBeyondCap;
        }

        return card with
        {
            MaxInputTokens = takes ?? long.MaxValue,
            MaxOutputTokens = rules.ReasonsBeyondCap ? Math.Max(says ?? 0, takes ?? Unlimited) : says ?? Unlimited,
        };
    }

    private long? Count(string name, params long[] counts)
    {
        if (OneIn(3))
        {
            return null;
        }

        var count = counts[_random.Next(counts.Length)];
        _card[name] = count;
        return count;
    }

    /// <summary>Writes down the input rate, under one name or two, and gives that of cached input: what is not told to be cheaper is not.</summary>
    private decimal Input(decimal plain)
    {
        var named = plain;
        if (OneIn(4))
        {
            named = plain * 2;
            _card["uncached_input_cents_per_1m"] = plain;
        }

        _card["input_cents_per_1m"] = named;
        var (cached, read) = (Stated("cached_input_cents_per_1m", plain, 0.1m, 0.5m, 1), Stated("cache_read_input_cents_per_1m", plain, 0.1m, 0.5m, 1));
        return cached is null && read is null ? named : Math.Max(cached ?? 0, read ?? 0);
    }

    private long Search()
    {
        if (OneIn(2))
        {
            return rules.Search;
        }

        var cents = 1 + _random.Next(9);
        if (rules.Provider == "gemini")
        {
            _card["grounding_cents_per_1k_queries"] = cents * 1000;
        }
        else
        {
            _card["web_search_cents_per_call"] = cents;
        }

        return cents * 1_000_000L;
    }

    private Dictionary<string, decimal> Tiers()
    {
        var billed = new Dictionary<string, decimal>(rules.Tiers);
        foreach (var name in rules.Tiers.Keys.Where(_ => OneIn(2)))
        {
            billed[name] = 3;
            _card["service_tiers"] = new JsonObject { [name] = new JsonObject { ["input_factor"] = 3, ["output_factor"] = 3 } };
        }

        return billed;
    }

    private decimal? Stated(string name, decimal of, params decimal[] factors) => Stated(name, of, factors, _card);

    private decimal? Stated(string name, decimal of, decimal[] factors, JsonObject fields)
    {
        if (OneIn(2))
        {
            return null;
        }

        var rate = of * factors[_random.Next(factors.Length)];
        fields[name] = rate;
        return rate;
    }

    private decimal Factor() => ((decimal[])[1, 1.25m, 2, 5])[_random.Next(4)];

    private string Name() => $"{rules.Family}-x{string.Concat(number.ToString().Select(digit => (char)('a' + digit - '0')))}";

    private bool OneIn(int chances) => _random.Next(chances) == 0;
}
