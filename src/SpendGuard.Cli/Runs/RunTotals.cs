using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Runs;

/// <summary>What runs cost together, by something that they have in common.</summary>
internal sealed class RunTotals(IReadOnlyList<PastRun> runs, string by) : IReport
{
    /// <summary>What they can be summed by.</summary>
    public static IReadOnlyDictionary<string, Func<PastRun, CostPart, string>> Keys { get; } = new Dictionary<string, Func<PastRun, CostPart, string>>(StringComparer.Ordinal)
    {
        ["day"] = static (_, part) => $"{part.Day:yyyy-MM-dd}",
        ["program"] = static (run, _) => run.Record.Program,
        ["model"] = static (_, part) => part.Model,
        ["agent"] = static (run, _) => run.Record.Agent,
    };

    private readonly List<(string Key, int Runs, int Calls, Money Charged)> _totals =
    [
        .. runs.SelectMany(static run => run.Parts, static (run, part) => (Run: run, Part: part))
            .GroupBy(one => Keys[by](one.Run, one.Part), StringComparer.Ordinal)
            .OrderBy(static total => total.Key, StringComparer.Ordinal)
            .Select(static total => (
                total.Key,
                total.Select(static one => one.Run.Record.Run).Distinct(StringComparer.Ordinal).Count(),
                total.Sum(static one => one.Part.Calls),
                total.Aggregate(Money.Zero, static (sum, one) => sum + one.Part.Charged))),
    ];

    public JsonNode Json => new JsonObject
    {
        ["totals"] = new JsonArray([.. _totals.Select(total => new JsonObject
        {
            [by] = total.Key,
            ["runs"] = total.Runs,
            ["calls"] = total.Calls,
            ["charged_microcents"] = total.Charged.Microcents,
        })]),
    };

    public IEnumerable<string> Lines => _totals.Count == 0
        ? ["(no calls)"]
        : _totals.Select(total => string.Join(
            ' ', Line.Of("charged_microcents", total.Charged.Microcents), Line.Of("calls", total.Calls), Line.Of("runs", total.Runs), Line.Of(by, total.Key)));

    public IRenderable Picture
    {
        get
        {
            var table = Tables.New(by, ">runs", ">calls", ">cost");
            foreach (var (key, count, calls, charged) in _totals)
            {
                table.AddRow(new Text(key), new Text($"{count}"), new Text($"{calls}"), new Text(charged.ToString()));
            }

            return table;
        }
    }
}
