using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.Sidecar.Readiness;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Hosting;

/// <summary>What a sidecar that has just started works with, and what it lacks. Names of keys, never the keys.</summary>
internal sealed class StartScreen(IReadOnlyList<string> addresses, SidecarState sidecar) : IReport
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
                var colour = name is "missing" or "control" or "notice" or "updates" ? Color.Yellow : name is "not_ready" ? Color.Red : Color.Default;
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
            yield return ("store", sidecar.Store);
            if (sidecar.StoreNotice is { } notice)
            {
                yield return ("notice", notice);
            }

            yield return ("prices", Prices);
            yield return ("keys", Keys);
            foreach (var (provider, setting) in sidecar.MissingKeys)
            {
                yield return ("missing", $"a key of {provider}: set {setting} and start again");
            }

            if (sidecar.ControlIsOpen)
            {
                yield return ("control", "open: any process on this machine can raise budgets, an agent too. Make a key with 'spendguard bootstrap --admin-key', or set CAP_ADMIN_KEY");
            }

            foreach (var reason in sidecar.NotReady)
            {
                yield return ("not_ready", reason);
            }

            if (sidecar.PriceSignature == "bundled")
            {
                yield return ("updates", "none: when a provider raises its prices, budgets are exceeded unnoticed. Newer ones come with a newer SpendGuard, or from a price server");
            }
        }
    }

    private string Prices
    {
        get
        {
            var end = sidecar.PricesUsableUntil is { } until ? $", usable until {until:u}" : "";
            return $"{sidecar.PriceSignature}: {sidecar.PriceSource}, {Spans.Of(sidecar.PriceAge)} old{end}";
        }
    }

    private string Keys => string.Join(", ", sidecar.Keys.Select(key => $"{key.Key} ({key.Value})")) switch
    {
        "" => "none",
        var found => found,
    };
}
