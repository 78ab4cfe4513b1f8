using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SpendGuard.Sidecar.Tests.Telemetry;

/// <summary>Whether the dashboard of <c>references/</c> asks for what <c>/metrics</c> has.</summary>
[Collection(Alone.Name)]
public sealed partial class GrafanaDashboardTests
{
    /// <summary>What Prometheus adds to what it reads.</summary>
    private const string OfPrometheus = "job";

    private static readonly JsonNode Dashboard = JsonNode.Parse(File.ReadAllText(Repository.Path("references", "grafana-dashboard.json")))!;

    [Fact]
    public void Panels_AreEachTheirOwn_AndLieSideBySide()
    {
        var panels = Dashboard["panels"]!.AsArray();
        var places = panels.SelectMany(panel =>
        {
            var at = panel!["gridPos"]!;
            Assert.InRange((int)at["x"]! + (int)at["w"]!, 1, 24);
            return from x in Enumerable.Range((int)at["x"]!, (int)at["w"]!) from y in Enumerable.Range((int)at["y"]!, (int)at["h"]!) select (x, y);
        }).ToList();

        Assert.Equal(places.Count, places.Distinct().Count());
        Assert.Equal(panels.Count, panels.Select(panel => (int)panel!["id"]!).Distinct().Count());
    }

    [Fact]
    public async Task Queries_AskForMetricsAndLabelsThatAreThere()
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: ("SPENDGUARD_METRICS_AGENTS", "10"));
        var agent = await sidecar.AgentAsync();
        await ChatAsync(sidecar, agent);
        sidecar.Provider.Behaviour = new() { FailWithStatus = 429 };
        await ChatAsync(sidecar, agent);
        sidecar.Provider.Behaviour = new() { FailWithStatus = 500, BillFailures = true };
        await ChatAsync(sidecar, agent);
        sidecar.Provider.Behaviour = new() { IgnoreCap = true, OutputTokens = 50_000_000 };
        await ChatAsync(sidecar, agent);
        Assert.Equal(402, (await ChatAsync(sidecar, agent)).Status);

        var page = await sidecar.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        var series = SeriesForm().Matches(page);
        var names = series.Select(line => line.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        var labels = series.SelectMany(line => LabelsOf(line.Value)).Append(OfPrometheus).ToHashSet(StringComparer.Ordinal);
        Assert.Contains($"gen_ai_agent_id=\"{agent}\"", page, StringComparison.Ordinal);
        foreach (var (query, legend) in Queries)
        {
            var asked = LabelsOf(query).Concat(GroupForm().Matches(query).SelectMany(group => group.Groups["labels"].Value.Split(", "))).ToHashSet(StringComparer.Ordinal);
            var metrics = NameForm().Matches(query).Select(name => name.Value).Except(asked).ToList();
            Assert.NotEmpty(metrics);
            Assert.Empty(metrics.Except(names));
            Assert.Empty(asked.Except(labels).Except(["le", "__name__"]));
            Assert.Empty(LegendForm().Matches(legend).Select(label => label.Groups["label"].Value).Except(asked));
        }
    }

    private static Task<Reply> ChatAsync(SidecarFixture sidecar, string agent) =>
        sidecar.AskAsync("/v1/chat/completions", agent, """{"model":"gpt-4o-mini","max_tokens":50,"messages":[{"role":"user","content":"hello"}]}""");

    private static IEnumerable<(string Query, string Legend)> Queries =>
        from panel in Dashboard["panels"]!.AsArray()
        from target in panel!["targets"]?.AsArray() ?? []
        select ((string)target!["expr"]!, (string)target["legendFormat"]!);

    private static IEnumerable<string> LabelsOf(string text) => LabelForm().Matches(text).Select(label => label.Groups["label"].Value);

    [GeneratedRegex("""^(?<name>spendguard_\w+)\{.*$""", RegexOptions.Multiline, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex SeriesForm();

    [GeneratedRegex(@"(?<label>\w+)(=|!=|=~|!~)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex LabelForm();

    [GeneratedRegex("""by \((?<labels>[^)]*)\)""", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex GroupForm();

    [GeneratedRegex("""spendguard_\w+""", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex NameForm();

    [GeneratedRegex("""\{\{(?<label>\w+)\}\}""", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex LegendForm();
}
