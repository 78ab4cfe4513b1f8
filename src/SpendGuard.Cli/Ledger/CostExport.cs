using SpendGuard.Cli.Ledger.Providers;

namespace SpendGuard.Cli.Ledger;

/// <summary>Reads a provider's cost export: a CSV of our own columns, a vendor's CSV, or the JSON of a vendor's cost report.</summary>
internal static class CostExport
{
    private static readonly string Expected =
        $"Give a CSV with the columns provider, model, cost_usd and, if there are days, date; or the cost report of {VendorCosts.Names} as it came.";

    /// <exception cref="CostExportException">The text is no export that is known.</exception>
    public static IReadOnlyList<ProviderCost> Read(string text) => text.AsSpan().TrimStart("\uFEFF \t\r\n").StartsWith("{")
        ? CostReportJson.Read(text)
        : ReadCsv(text);

    private static IReadOnlyList<ProviderCost> ReadCsv(string text)
    {
        List<IReadOnlyList<string>> rows;
        try
        {
            rows = [.. Csv.Read(text)];
        }
        catch (FormatException exception)
        {
            throw new CostExportException(exception.Message);
        }

        var columns = (rows.Count > 0 ? rows[0] : []).Select((name, at) => (Name: name.Trim().ToLowerInvariant(), At: at))
            .DistinctBy(column => column.Name, StringComparer.Ordinal).ToDictionary(column => column.Name, column => column.At, StringComparer.Ordinal);
        var read = ReaderOf(columns);
        return [.. rows.Skip(1).Select((row, at) => read(new CsvRow(columns, row, at + 2))).OfType<ProviderCost>()];
    }

    private static Func<CsvRow, ProviderCost?> ReaderOf(Dictionary<string, int> columns)
    {
        if (Has(columns, ["provider", "model", "cost_usd"]))
        {
            return Own;
        }

        return VendorCosts.All.FirstOrDefault(vendor => vendor.Columns.Count > 0 && Has(columns, vendor.Columns)) is { } vendor
            ? vendor.Read
            : throw new CostExportException($"The first line has none of the columns that are known. {Expected}");
    }

    private static bool Has(Dictionary<string, int> columns, IReadOnlyList<string> names) => names.All(columns.ContainsKey);

    private static ProviderCost Own(CsvRow row) => new(
        row["provider"].ToLowerInvariant(), row["model"], row.Amount("cost_usd"), row.Find("date") is { Length: > 0 } date ? row.Time(date) : null);
}
