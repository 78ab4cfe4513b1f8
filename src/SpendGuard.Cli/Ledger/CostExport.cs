using System.Globalization;

namespace SpendGuard.Cli.Ledger;

/// <summary>Reads a provider's cost export: a CSV of our own columns, OpenAI's CSV, or the JSON of OpenAI's or Anthropic's cost report.</summary>
internal static class CostExport
{
    private const string Expected =
        "Give a CSV with the columns provider, model, cost_usd and, if there are days, date; or the cost report of OpenAI or Anthropic as it came.";

    /// <exception cref="CostExportException">The text is no export that is known.</exception>
    public static IReadOnlyList<ProviderCost> Read(string text) => text.AsSpan().TrimStart("\uFEFF \t\r\n").StartsWith("{")
        ? CostReportJson.Read(text)
        : ReadCsv(text);

    /// <exception cref="CostExportException">It is no amount.</exception>
    public static decimal Amount(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
            ? amount
            : throw new CostExportException($"'{text}' is no amount.");

    /// <summary>OpenAI names what it charged for as <c>model, kind of token</c>.</summary>
    public static string ModelOfLineItem(string? lineItem) => lineItem?.Split(", ", 2)[0].Trim() ?? "";

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
        Func<CsvRow, ProviderCost?> read = columns switch
        {
            _ when Has(columns, "provider", "model", "cost_usd") => Own,
            _ when Has(columns, "amount_value", "amount_currency", "line_item", "start_time") => OpenAI,
            _ => throw new CostExportException($"The first line has none of the columns that are known. {Expected}"),
        };
        return [.. rows.Skip(1).Select((row, at) => read(new CsvRow(columns, row, at + 2))).OfType<ProviderCost>()];
    }

    private static bool Has(Dictionary<string, int> columns, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!columns.ContainsKey(name))
            {
                return false;
            }
        }

        return true;
    }

    private static ProviderCost Own(CsvRow row) => new(
        row["provider"].ToLowerInvariant(), row["model"], row.Amount("cost_usd"), row.Find("date") is { Length: > 0 } date ? row.Time(date) : null);

    /// <summary>A day on which nothing was charged is a row without an amount.</summary>
    private static ProviderCost? OpenAI(CsvRow row)
    {
        if (row["amount_value"].Length == 0)
        {
            return null;
        }

        return string.Equals(row["amount_currency"], "usd", StringComparison.OrdinalIgnoreCase)
            ? new ProviderCost("openai", ModelOfLineItem(row["line_item"]), row.Amount("amount_value"), row.Epoch("start_time"))
            : throw row.Fault($"is in '{row["amount_currency"]}'; only amounts in US dollars can be compared");
    }

    private sealed class CsvRow(Dictionary<string, int> columns, IReadOnlyList<string> fields, int line)
    {
        public string this[string column] => Find(column) ?? throw Fault($"has no '{column}'");

        public string? Find(string column) => columns.TryGetValue(column, out var at) && at < fields.Count ? fields[at].Trim() : null;

        public decimal Amount(string column) =>
            decimal.TryParse(this[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
                ? amount
                : throw Fault($"has '{this[column]}' for {column}, which is no amount");

        public DateTimeOffset Time(string text) => WindowOptions.TryParse(text, out var time) ? time : throw Fault($"has '{text}', which is no date");

        public DateTimeOffset Epoch(string column) =>
            long.TryParse(this[column], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 253_402_300_799
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : throw Fault($"has '{this[column]}' for {column}, which is no time in seconds");

        public CostExportException Fault(string what) => new($"Row {line} {what}.");
    }
}
