using System.Collections.Immutable;
using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers.Counts;

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

    private const string Iterations = "iterations";

    /// <summary>Reads the usage of a whole message.</summary>
    /// <param name="usage">The object.</param>
    /// <param name="longCacheWrites">Whether the call asked for a cache of an hour: what is not said to be short-lived counts as that.</param>
    public static ProviderReport Read(JsonElement usage, bool longCacheWrites = false) => Read([usage], longCacheWrites);

    /// <summary>Reads the usage of a stream, in which every report is of all so far: later counts take the place of earlier ones.</summary>
    /// <param name="reports">The objects in the order in which they came. A count that one of them leaves out stays as it was.</param>
    /// <param name="longCacheWrites">Whether the call asked for a cache of an hour: what is not said to be short-lived counts as that.</param>
    /// <param name="hasOutput">Whether the message is known to have something in it.</param>
    public static ProviderReport Read(IEnumerable<JsonElement> reports, bool longCacheWrites = false, bool hasOutput = false)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var rules = new CountRules { Cache = CachePlace.OnlyBeside, LongCacheWrites = longCacheWrites };
        ToldCounts? counts = null;
        string? unreadable = null;
        JsonElement? iterations = null;
        foreach (var report in reports)
        {
            var told = Counts(report);
            unreadable ??= told.Unreadable;
            counts = told.After(counts, mayShrink: true);
            iterations = UsageJson.Find(report, Iterations) is { ValueKind: JsonValueKind.Array } list ? list : iterations;
        }

        var atTheTop = (counts ?? new ToldCounts()).Report(rules with { HasOutput = hasOutput });
        if (unreadable is not null)
        {
            // What a later report does not repeat may have been more.
            atTheTop = atTheTop with { Incomplete = atTheTop.Incomplete ?? $"'{unreadable}' in the provider's usage cannot be read" };
        }

        return iterations is { } several && several.GetArrayLength() > 0 ? WithIterations(atTheTop, several, rules) : atTheTop;
    }

    /// <summary>Thinking is told as a part of the output, at the same price.</summary>
    private static ToldCounts Counts(JsonElement usage) => ToldCounts.Read(usage, Iterations, "output_tokens_details");

    /// <summary>All iterations are billed. Should they come to less than what is at the top, the rest is billed too.</summary>
    private static ProviderReport WithIterations(ProviderReport top, JsonElement list, CountRules rules)
    {
        if (top.Usage is not { } atTheTop || list.GetArrayLength() > MostIterations)
        {
            return top with { Incomplete = top.Incomplete ?? "the provider told more iterations than can be read" };
        }

        var fellBack = list.EnumerateArray().Any(iteration => UsageJson.Text(iteration, "type") == "fallback_message");
        var iterations = new List<Iteration>();
        var incomplete = top.Incomplete;
        foreach (var iteration in list.EnumerateArray())
        {
            var told = Counts(iteration).Report(rules);
            incomplete ??= told.Incomplete is { } reason ? $"of an iteration: {reason}" : null;

            // A model that declined before it said anything, so that another answered, is not billed for.
            if (told.Usage is { } usage && (!fellBack || usage.TotalOutput > 0 || usage.TotalInput > usage.Input))
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

        return top with
        {
            Incomplete = incomplete,
            Usage = Combine(sum, rest, static (left, right) => left + right) with
            {
                Iterations = [.. iterations],
                Mismatch = atTheTop.Mismatch
                    ?? iterations.Select(iteration => iteration.Usage.Mismatch).FirstOrDefault(mismatch => mismatch is not null)
                    ?? (rest.TotalInput + rest.TotalOutput == 0 ? null
                        : $"the iterations come to {sum.TotalInput} input and {sum.TotalOutput} output tokens, but the message has {atTheTop.TotalInput} and {atTheTop.TotalOutput}"),
            },
        };
    }

    /// <summary>The usage of two messages that are both billed.</summary>
    public static Usage Sum(Usage one, Usage other) => Combine(one, other, static (left, right) => left + right) with
    {
        Iterations = [.. Runs(one), .. Runs(other)],
        Mismatch = one.Mismatch ?? other.Mismatch,
    };

    private static ImmutableArray<Iteration> Runs(Usage usage) => usage.Iterations.IsEmpty ? [new Iteration(Model: null, usage)] : usage.Iterations;

    private static Usage Combine(Usage left, Usage right, Func<long, long, long> combine) => new()
    {
        Input = combine(left.Input, right.Input),
        CachedInput = combine(left.CachedInput, right.CachedInput),
        CacheWrite = combine(left.CacheWrite, right.CacheWrite),
        LongCacheWrite = combine(left.LongCacheWrite, right.LongCacheWrite),
        Output = combine(left.Output, right.Output),
        WebSearches = combine(left.WebSearches, right.WebSearches),
    };
}
