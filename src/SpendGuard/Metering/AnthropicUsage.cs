using System.Text.Json;

namespace SpendGuard.Metering;

/// <summary>Reads the <c>usage</c> objects of Anthropic's messages.</summary>
/// <remarks>
/// Input excludes what was written to a cache or read from one; output includes thinking. Where a call took several iterations, such as
/// a compaction of its context, the counts at the top leave some of them out.
/// </remarks>
public static class AnthropicUsage
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

    /// <summary>All iterations are billed. Should they come to less than what is at the top, the dearer reading is taken.</summary>
    private static Usage? WithIterations(Usage atTheTop, JsonElement iterations, bool longCacheWrites)
    {
        if (iterations.GetArrayLength() > MostIterations)
        {
            return null;
        }

        var fellBack = iterations.EnumerateArray().Any(iteration => UsageJson.Text(iteration, "type") == "fallback_message");
        var sum = new Usage();
        foreach (var iteration in iterations.EnumerateArray())
        {
            if (iteration.ValueKind != JsonValueKind.Object || Counts.None.With(iteration).ToUsage(longCacheWrites) is not { } usage)
            {
                return null;
            }

            // A model that declined before it said anything, so that another answered, is not billed for.
            if (!fellBack || usage.TotalOutput > 0 || usage.TotalInput > usage.Input)
            {
                sum = Combine(sum, usage, static (left, right) => left + right);
            }
        }

        sum = sum with { WebSearches = atTheTop.WebSearches };
        return sum.TotalInput >= atTheTop.TotalInput && sum.TotalOutput >= atTheTop.TotalOutput
            ? sum
            : Combine(sum, atTheTop, Math.Max);
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

            var ofUnknownLife = Math.Max(0, (CacheWritten ?? 0) - (WrittenShort ?? 0) - (WrittenLong ?? 0));
            return new Usage
            {
                Input = input,
                CachedInput = CacheRead ?? 0,
                CacheWrite = (WrittenShort ?? 0) + (longCacheWrites ? 0 : ofUnknownLife),
                LongCacheWrite = (WrittenLong ?? 0) + (longCacheWrites ? ofUnknownLife : 0),
                Output = output,
                WebSearches = WebSearches ?? 0,
            };
        }
    }
}
