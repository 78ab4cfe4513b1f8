using SpendGuard.Pricing;

namespace SpendGuard.Tests.Pricing;

/// <summary>One row of prices.csv: what providers publish, in US dollars per million tokens.</summary>
public sealed class PricesCsv
{
    private readonly Dictionary<string, string> _cells;

    private PricesCsv(Dictionary<string, string> cells) => _cells = cells;

    public ModelKey Model => new(_cells["provider"], _cells["model"]);

    public string Note => _cells["note"];

    public bool IsEmbedding => _cells["mode"] == "embedding";

    /// <summary>A cell as a number; null when it is empty.</summary>
    public decimal? this[string column] => _cells[column].Length == 0 ? null : decimal.Parse(_cells[column]);

    public static IReadOnlyList<string> Columns => Lines()[0].Split(',');

    public static IReadOnlyList<PricesCsv> Read()
    {
        var lines = Lines();
        var columns = lines[0].Split(',');

        // Only the last column, the note, is ever quoted.
        return [.. lines.Skip(1).Select(line => line.Split(',', columns.Length)).Select(cells => new PricesCsv(
            columns.Zip(cells).ToDictionary(cell => cell.First, cell => cell.Second.Trim('"'), StringComparer.Ordinal)))];
    }

    public override string ToString() => Model.ToString();

    private static string[] Lines() => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Pricing", "prices.csv"));
}
