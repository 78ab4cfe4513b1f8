using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Pricing;

namespace SpendGuard.Sidecar.Dialects.Forms;

/// <summary>What a call cost and why, in the form of the original.</summary>
/// <remarks>
/// Each charge is rounded up to a whole microcent by itself, but the total once: their sum is the total, or more by less than a microcent
/// for each charge. A forfeit has no charges, nor has a call whose provider stated what it cost: the total is what was charged all the same.
/// </remarks>
internal static class BillingBreakdown
{
    /// <summary>The decimals of a multiplier, which is a quotient and so may have no end.</summary>
    private const int Decimals = 6;

    /// <param name="writer">Where to.</param>
    /// <param name="model">The model that was called.</param>
    /// <param name="bill">The bill; null for a forfeit.</param>
    /// <param name="charged">What was charged.</param>
    public static void Write(Utf8JsonWriter writer, ModelKey model, Bill? bill, Money charged)
    {
        writer.WriteStartObject("billing_breakdown");
        writer.WriteString("provider", model.Provider);
        writer.WriteString("model", model.Model);
        WriteUsage(writer, bill);
        WriteCliff(writer, bill);
        writer.WriteStartArray("charges");
        foreach (var charge in bill is null ? [] : Charge.Of(bill))
        {
            Write(writer, charge);
        }

        writer.WriteEndArray();
        writer.WriteStartObject("totals");
        writer.WriteNumber("realized_microcents", charged.Microcents);
        writer.WriteNumber("realized_cents_ceiled", charged.CentsRoundedUp);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>What was counted, in the original's overlapping fields: input and output are all of it. Null is what nobody told.</summary>
    private static void WriteUsage(Utf8JsonWriter writer, Bill? bill)
    {
        var usage = bill?.Usage;
        var cached = usage?.CachedInput;
        var fillsCaches = bill is not null && Charge.FillsCaches(bill);
        writer.WriteStartObject("usage");
        writer.WriteCount("input_tokens", usage?.TotalInput);
        writer.WriteCount("output_tokens", usage?.TotalOutput);
        writer.WriteCount("cached_input_tokens", fillsCaches ? 0 : cached);
        writer.WriteCount("reasoning_tokens", usage?.ReasoningOutput);
        writer.WriteCount("cache_write_input_tokens", usage?.CacheWrite + usage?.LongCacheWrite);
        writer.WriteCount("cache_read_input_tokens", cached is null || fillsCaches ? cached : 0);
        writer.WriteCount("grounding_queries", usage?.GroundingQueries);
        writer.WriteStartObject("tool_calls");
        writer.WriteCount("web_search_call", usage?.WebSearches);
        writer.WriteCount("file_search_call", usage?.FileSearches);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The context tier that the call was priced in, or else the first that a larger input would have reached; nulls for none.</summary>
    private static void WriteCliff(Utf8JsonWriter writer, Bill? bill)
    {
        var largest = bill is null ? 0 : bill.Usage.Iterations.Select(run => run.Usage.TotalInput).DefaultIfEmpty(bill.Usage.TotalInput).Max();
        var reached = bill?.Card.ContextTiers.Where(tier => tier.Reaches(largest)).MaxBy(tier => tier.Threshold);
        var cliff = reached ?? bill?.Card.ContextTiers.MinBy(tier => tier.Threshold);
        writer.WriteStartObject("cliff");
        writer.WriteStartObject("configured");
        writer.WriteCount("threshold_tokens", cliff?.Threshold);
        WriteMultiplier(writer, "input_multiplier", cliff?.Rates.Input, bill?.Card.Rates.Input);
        WriteMultiplier(writer, "output_multiplier", cliff?.Rates.Output, bill?.Card.Rates.Output);
        writer.WriteEndObject();
        writer.WriteBoolean("applied", reached is not null);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Charge charge)
    {
        writer.WriteStartObject();
        writer.WriteString("name", charge.Name);
        writer.WriteNumber("quantity", charge.Quantity);
        writer.WriteString("unit", charge.Unit);
        writer.WriteStartObject("rate");
        writer.WriteNumber(charge.Rate.Name, charge.Rate.Cents);
        writer.WriteEndObject();
        writer.WriteNumber("cost_microcents", charge.Cost.RoundUp().Microcents);
        writer.WriteEndObject();
    }

    private static void WriteMultiplier(Utf8JsonWriter writer, string name, Rate? beyond, Rate? before)
    {
        if (beyond is { } high && before is { } low && low > Rate.Zero)
        {
            writer.WriteNumber(name, decimal.Round(high.Microcents / low.Microcents, Decimals));
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
