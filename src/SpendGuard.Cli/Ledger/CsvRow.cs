using System.Globalization;

namespace SpendGuard.Cli.Ledger;

/// <summary>A row of a cost export, by the names of its columns.</summary>
/// <param name="columns">Where each column is.</param>
/// <param name="fields">The fields.</param>
/// <param name="line">The number of the row.</param>
internal sealed class CsvRow(IReadOnlyDictionary<string, int> columns, IReadOnlyList<string> fields, int line)
{
    public string this[string column] => Find(column) ?? throw Fault($"has no '{column}'");

    public string? Find(string column) => columns.TryGetValue(column, out var at) && at < fields.Count ? fields[at].Trim() : null;

    public decimal Amount(string column) =>
        decimal.TryParse(this[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
            ? amount
            : throw Fault($"has '{this[column]}' for {column}, which is no amount");

    public DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : throw Fault($"has '{text}', which is no date");

    public DateTimeOffset Epoch(string column) =>
        long.TryParse(this[column], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw Fault($"has '{this[column]}' for {column}, which is no time in seconds");

    public CostExportException Fault(string what) => new($"Row {line} {what}.");
}
