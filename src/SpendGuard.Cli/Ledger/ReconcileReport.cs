using System.Globalization;
using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Ledger;

/// <summary>A reconciliation.</summary>
internal sealed class ReconcileReport(Reconciliation reconciliation) : IReport
{
    private static readonly string[] Columns = ["provider", "model", "ledger_usd", "provider_usd", "diff_usd", "forfeited_usd"];

    public JsonNode Json
    {
        get
        {
            var json = Amounts(reconciliation.Total);
            json["agrees"] = reconciliation.Agrees;
            json["tolerance_usd"] = reconciliation.Tolerance;
            json["rows"] = new JsonArray([.. reconciliation.Rows.Select(JsonNode (row) =>
            {
                var fields = Amounts(row);
                fields["provider"] = row.Provider;
                fields["model"] = row.Model;
                return fields;
            })]);
            return json;
        }
    }

    public IEnumerable<string> Lines => reconciliation.Rows.Select(row => Csv.Row(Fields(row))).Prepend(Csv.Row(Columns));

    public IRenderable Picture
    {
        get
        {
            var table = Tables.New("provider", "model", ">ledger", ">provider", ">difference", ">forfeits");
            foreach (var row in reconciliation.Rows)
            {
                table.AddRow(
                    new Text(row.Provider),
                    new Text(row.Model),
                    new Text(Dollars(row.LedgerUsd)),
                    new Text(Dollars(row.ProviderUsd)),
                    new Text(Dollars(row.DiffUsd), new Style(reconciliation.IsWithin(row) ? Color.Green : Color.Red)),
                    new Text(row.ForfeitedUsd == 0 ? "" : Dollars(row.ForfeitedUsd), new Style(Color.Yellow)));
            }

            return new Rows(table, reconciliation.Agrees ? new Markup("[green]The ledger agrees with the bill.[/]") : new Text(""));
        }
    }

    /// <summary>What differs, for the error stream.</summary>
    public string Verdict
    {
        get
        {
            var total = reconciliation.Total;
            var off = reconciliation.Rows.Count(row => !reconciliation.IsWithin(row));
            var more = total.DiffUsd < 0 ? "less" : "more";
            return $"The ledger differs from the bill in {off} of {reconciliation.Rows.Count} rows: in all it has {Dollars(decimal.Abs(total.DiffUsd))} {more} than was charged."
                + (total.ForfeitedUsd == 0 ? "" : $" {Dollars(total.ForfeitedUsd)} of it are forfeits: calls whose cost is not known, booked at their whole holds, or at more where more is known.");
        }
    }

    private static IEnumerable<string> Fields(ReconciledRow row) =>
        [row.Provider, row.Model, Number(row.LedgerUsd), Number(row.ProviderUsd), Number(row.DiffUsd), Number(row.ForfeitedUsd)];

    private static JsonObject Amounts(ReconciledRow row) => new()
    {
        ["ledger_usd"] = Plain(row.LedgerUsd),
        ["provider_usd"] = Plain(row.ProviderUsd),
        ["diff_usd"] = Plain(row.DiffUsd),
        ["forfeited_usd"] = Plain(row.ForfeitedUsd),
    };

    private static string Dollars(decimal amount) => (amount < 0 ? "-$" : "$") + Number(decimal.Abs(amount));

    /// <summary>All the decimals that there are.</summary>
    private static string Number(decimal amount) => amount.ToString("0.00##########################", CultureInfo.InvariantCulture);

    /// <summary>The same amount without zeros at its end.</summary>
    private static decimal Plain(decimal amount) => amount / 1.0000000000000000000000000000m;
}
