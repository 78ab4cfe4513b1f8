using System.Text.Json.Nodes;
using Npgsql;
using SpendGuard.Cli.Output;
using SpendGuard.Sidecar.Readiness;
using SpendGuard.Sidecar.Settings;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Hosting;

/// <summary>What a sidecar that has just started works with, and what it lacks. Names of keys, never the keys.</summary>
internal sealed class StartScreen(IReadOnlyList<string> addresses, SidecarSettings settings, ReadinessAnswer ready) : IReport
{
    public JsonNode Json => new JsonObject([.. Facts.Select(fact => KeyValuePair.Create<string, JsonNode?>(fact.Name, fact.Value))]);

    public IEnumerable<string> Lines => Facts.Select(fact => Line.Of(fact.Name, fact.Value));

    public IRenderable Picture
    {
        get
        {
            var grid = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn();
            foreach (var (name, value) in Facts)
            {
                var colour = name is "missing" ? Color.Yellow : name is "not_ready" ? Color.Red : Color.Default;
                grid.AddRow(new Text(name.Replace('_', ' '), new Style(Color.Grey)), new Text(value, new Style(colour)));
            }

            var next = new Markup("[grey]An agent with five dollars:[/] spendguard bootstrap --name my-agent --limit 500   [grey]Ctrl+C ends the sidecar.[/]");
            return new Rows(new Markup("[bold]SpendGuard sidecar[/]"), new Text(""), grid, new Text(""), next);
        }
    }

    private IEnumerable<(string Name, string Value)> Facts
    {
        get
        {
            yield return ("address", string.Join(" ", addresses));
            yield return ("store", Store);
            yield return ("prices", Prices);
            yield return ("keys", Keys);
            foreach (var provider in ready.Providers.Where(provider => provider.Key == ProviderState.Missing))
            {
                yield return ("missing", $"a key of {provider.Name}: set {provider.KeyVariable} and start again");
            }

            foreach (var reason in ready.Reasons ?? [])
            {
                yield return ("not_ready", reason);
            }
        }
    }

    /// <summary>Where the budgets are; of a connection string, nothing that opens anything.</summary>
    private string Store => settings.Postgres?.ConnectionString is { } connection
        && new NpgsqlConnectionStringBuilder(connection) is { } database
            ? $"PostgreSQL, {database.Database} at {database.Host}"
            : $"SQLite, {Path.GetFullPath(settings.SqlitePath)}";

    private string Prices
    {
        get
        {
            var age = Spans.Of(TimeSpan.FromSeconds(ready.Prices.AgeSeconds));
            var end = ready.Prices.UsableUntil is { } until ? $", usable until {until:u}" : "";
            return $"{ready.Prices.Signature}: {ready.Prices.Source}, {age} old{end}";
        }
    }

    private string Keys => string.Join(
        ", ", ready.Providers.Where(provider => provider.Key == ProviderState.Set).Select(provider => $"{provider.Name} ({provider.KeyVariable})")) switch
    {
        "" => "none",
        var found => found,
    };
}
