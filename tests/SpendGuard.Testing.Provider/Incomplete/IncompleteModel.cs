using System.Text;
using System.Text.Json.Nodes;
using SpendGuard.Pricing;

namespace SpendGuard.Testing.Provider.Incomplete;

/// <summary>
/// A made-up model, a price document that leaves out any part of what it costs, and what its vendor bills: what the document states, and
/// where it is silent the dearest that the vendor has published. All follows from a number.
/// </summary>
/// <param name="Number">The number.</param>
/// <param name="Rules">What its vendor has published.</param>
/// <param name="Document">The document, which prices this model only.</param>
/// <param name="Bills">What the vendor bills.</param>
public sealed record IncompleteModel(int Number, PublishedRules Rules, string Document, ProviderPrice Bills)
{
    /// <summary>Its name, which has no digits beyond the family's, as these would say something of its version.</summary>
    public string Name => Bills.Model;

    /// <summary>Whether what is billed has a bound at all: reasoning beyond the cap has none but the context.</summary>
    public bool HasBound => !Rules.ReasonsBeyondCap || Bills.MaxInputTokens < long.MaxValue;

    /// <summary>The card as the library reads it.</summary>
    public RateCard ReadCard() => PriceBook.Parse(Encoding.UTF8.GetBytes(Document), "a document with gaps")
        .Find(new ModelKey(Rules.Provider, Name), DateTimeOffset.MinValue, DateTimeOffset.MaxValue)[0];

    /// <summary>The models of one vendor, each of its families in turn.</summary>
    public static IncompleteModel[] Of(string provider, int count)
    {
        PublishedRules[] rules = [.. PublishedRules.All.Where(rule => rule.Provider == provider)];
        return [.. Enumerable.Range(0, count).Select(number => new IncompleteCard(number, rules[number % rules.Length]).Make())];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} (number {Number}) by {JsonNode.Parse(Document)!["rates"]![Rules.Provider]![Name]!.ToJsonString()}";
}
