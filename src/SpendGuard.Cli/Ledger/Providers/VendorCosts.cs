using System.Globalization;
using System.Text.Json;
using SpendGuard.Cli.Ledger.Providers.Anthropic;
using SpendGuard.Cli.Ledger.Providers.OpenAI;

namespace SpendGuard.Cli.Ledger.Providers;

/// <summary>How one vendor says what it charged.</summary>
internal abstract class VendorCosts
{
    /// <summary>All vendors whose reports are known.</summary>
    public static IReadOnlyList<VendorCosts> All { get; } = [new OpenAICosts(), new AnthropicCosts()];

    /// <summary>Their names, for a sentence.</summary>
    public static string Names { get; } = string.Join(" or ", All.Select(vendor => vendor.Name));

    /// <summary>The vendor's name.</summary>
    protected abstract string Name { get; }

    /// <summary>The columns that only its CSV has; none where it gives no CSV.</summary>
    public virtual IReadOnlyList<string> Columns => [];

    /// <summary>Reads a row of its CSV.</summary>
    /// <returns>The cost; null for a row that has none.</returns>
    /// <exception cref="CostExportException">The row cannot be read.</exception>
    public virtual ProviderCost? Read(CsvRow row) => null;

    /// <summary>Whether a bucket of a report in JSON is the vendor's.</summary>
    public abstract bool Has(JsonElement bucket);

    /// <summary>Reads a result of such a bucket.</summary>
    /// <exception cref="CostExportException">The result cannot be read; so it is with any exception of reading JSON.</exception>
    public abstract ProviderCost Read(JsonElement bucket, JsonElement result);

    protected static decimal Amount(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
            ? amount
            : throw new CostExportException($"'{text}' is no amount.");

    protected static void RequireDollars(JsonElement amount)
    {
        var currency = amount.GetProperty("currency").GetString();
        if (!IsDollars(currency))
        {
            throw new CostExportException($"An amount is in '{currency}'; only amounts in US dollars can be compared.");
        }
    }

    protected static bool IsDollars(string? currency) => string.Equals(currency, "usd", StringComparison.OrdinalIgnoreCase);
}
