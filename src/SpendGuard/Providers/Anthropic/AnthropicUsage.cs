using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.Anthropic;

/// <summary>Reads the <c>usage</c> objects of Anthropic's messages.</summary>
/// <remarks>
/// Input excludes what was written to a cache or read from one; output includes thinking. Where a call took several iterations, such as
/// a compaction of its context, the counts at the top leave some of them out. Where counts contradict each other, the dearer reading is
/// taken, and <see cref="Usage.Mismatch"/> says so.
/// </remarks>
internal static class AnthropicUsage
{
    private const int MostIterations = 1_000;

    /// <summary>Reads the usage of a whole message.</summary>
    /// <param name="usage">The object.</param>
    /// <param name="longCacheWrites">Whether the call asked for a cache of an hour: what is not said to be short-lived counts as that.</param>
    /// <returns>The usage, or null when the object does not tell input and output: the cost is unknown then.</returns>
    public static Usage? Read(JsonElement usage, bool longCacheWrites = false) => Read([usage], longCacheWrites);

    /// <summary>Reads the usage of a stream, in which every report is of all so far: later counts take the place of earlier ones.</summary>
    /// <param name="reports">The objects in the order in which they came. A count that one of them leaves out stays as it was.</param>
    /// <param name="longCacheWrites">Whether the call asked for a cache of an hour: what is not said to be short-lived counts as that.</param>
    /// <returns>The usage, or null when the objects do not tell input and output: the cost is unknown then.</returns>
    public static Usage? Read(IEnumerable<JsonElement> reports, bool longCacheWrites = false)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var counts = Counts.None;
        JsonElement? iterations = null;
        foreach (var report in reports.Where(report => report.ValueKind == JsonValueKind.Object))
        {
            if (UsageJson.HasUnreadableCount(report))
            {
                return null;
            }

            counts = counts.With(report);
            iterations = report.TryGetProperty("iterations", out var list) && list.ValueKind == JsonValueKind.Array ? list : iterations;
        }

        if (counts.ToUsage(longCacheWrites) is not { } atTheTop)
        {
            return null;
        }

        return iterations is { } several && several.GetArrayLength() > 0 ? WithIterations(atTheTop, several, longCacheWrites) : atTheTop;
    }

    /// <summary>All iterations are billed. Should they come to less than what is at the top, the rest is billed too.</summary>
    private static Usage? WithIterations(Usage atTheTop, JsonElement list, bool longCacheWrites)
    {
        if (list.GetArrayLength() > MostIterations)
        {
            return null;
        }

        var fellBack = list.EnumerateArray().Any(iteration => UsageJson.Text(iteration, "type") == "fallback_message");
        var iterations = new List<Iteration>();
        foreach (var iteration in list.EnumerateArray())
        {
            if (iteration.ValueKind != JsonValueKind.Object || Counts.None.With(iteration).ToUsage(longCacheWrites) is not { } usage)
            {
                return null;
            }

            // A model that declined before it said anything, so that another answered, is not billed for.
            if (!fellBack || usage.TotalOutput > 0 || usage.TotalInput > usage.Input)
            {
                iterations.Add(new Iteration(UsageJson.Text(iteration, "model"), usage));
            }
        }

        var sum = iterations.Aggregate(new Usage(), (sum, iteration) => Combine(sum, iteration.Usage, static (left, right) => left + right));
        var rest = Combine(atTheTop, sum, static (left, right) => Math.Max(0, left - right));
        if (!rest.IsZero)
        {
            iterations.Add(new Iteration(Model: null, rest));
        }

        return Combine(sum, rest, static (left, right) => left + right) with
        {
            Iterations = [.. iterations],
            Mismatch = atTheTop.Mismatch
                ?? iterations.Select(iteration => iteration.Usage.Mismatch).FirstOrDefault(mismatch => mismatch is not null)
                ?? (rest.TotalInput + rest.TotalOutput == 0 ? null
                    : $"the iterations come to {sum.TotalInput} input and {sum.TotalOutput} output tokens, but the message has {atTheTop.TotalInput} and {atTheTop.TotalOutput}"),
        };
    }

    private static Usage Combine(Usage left, Usage right, Func<long, long, long> combine) => new()
    {
        Input = combine(left.Input, right.Input),
        CachedInput = combine(left.CachedInput, right.CachedInput),
        CacheWrite = combine(left.CacheWrite, right.CacheWrite),
        LongCacheWrite = combine(left.LongCacheWrite, right.LongCacheWrite),
        Output = combine(left.Output, right.Output),
        WebSearches = combine(left.WebSearches, right.WebSearches),
    };

    /// <summary>Counts as far as they have been told.</summary>
    private sealed record Counts(
        long? Input, long? Output, long? CacheRead, long? CacheWritten, long? WrittenShort, long? WrittenLong, long? WebSearches)
    {
        public static Counts None { get; } = new(null, null, null, null, null, null, null);

        public Counts With(JsonElement report)
        {
            var split = UsageJson.Object(report, "cache_creation");
            return new(
                UsageJson.Count(report, "input_tokens") ?? Input,
                UsageJson.Count(report, "output_tokens") ?? Output,
                UsageJson.Count(report, "cache_read_input_tokens") ?? CacheRead,
                UsageJson.Count(report, "cache_creation_input_tokens") ?? CacheWritten,
                UsageJson.Count(split, "ephemeral_5m_input_tokens") ?? WrittenShort,
                UsageJson.Count(split, "ephemeral_1h_input_tokens") ?? WrittenLong,
                UsageJson.Count(UsageJson.Object(report, "server_tool_use"), "web_search_requests") ?? WebSearches);
        }

        public Usage? ToUsage(bool longCacheWrites)
        {
            if (Input is not { } input || Output is not { } output)
            {
                return null;
            }

            var told = (WrittenShort ?? 0) + (WrittenLong ?? 0);
            var ofUnknownLife = Math.Max(0, (CacheWritten ?? 0) - told);
            return new Usage
            {
                Input = input,
                CachedInput = CacheRead ?? 0,
                CacheWrite = (WrittenShort ?? 0) + (longCacheWrites ? 0 : ofUnknownLife),
                LongCacheWrite = (WrittenLong ?? 0) + (longCacheWrites ? ofUnknownLife : 0),
                Output = output,
                WebSearches = WebSearches ?? 0,
                Mismatch = told > CacheWritten
                    ? $"{CacheWritten} tokens were written to a cache, of them {WrittenShort ?? 0} for five minutes and {WrittenLong ?? 0} for an hour"
                    : null,
            };
        }
    }
}
