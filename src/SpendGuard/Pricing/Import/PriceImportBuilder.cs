using SpendGuard.Pricing.Terms;

namespace SpendGuard.Pricing.Import;

/// <summary>Collects what a map gives: cards, and what was refused or corrected with the reason.</summary>
/// <param name="termsOf">What vendors are known to charge where a map is silent.</param>
internal sealed class PriceImportBuilder(Func<ModelKey, SilentTerms> termsOf)
{
    private readonly Dictionary<ModelKey, (RateCard Card, string Name)> _cards = [];
    private readonly List<PriceImportNote> _refused = [];
    private readonly List<PriceImportNote> _corrected = [];

    /// <summary>Takes a row. One that cannot be used is refused, and the others go on.</summary>
    /// <param name="name">The row's name in the map.</param>
    /// <param name="provider">Who bills for the model.</param>
    /// <param name="model">The provider's name for the model.</param>
    /// <param name="read">Reads what the row states.</param>
    public void Add(string name, string provider, string model, Func<ModelKey, PublishedModel> read)
    {
        try
        {
            var key = string.IsNullOrWhiteSpace(model) ? throw new UnusableRowException("It has no name.") : new ModelKey(provider, model);
            var notes = new List<string>();
            Add(name, new PublishedCard(read(key), termsOf(key), notes.Add).Read());
            _corrected.AddRange(notes.Select(note => new PriceImportNote(name, note)));
        }
        catch (UnusableRowException exception)
        {
            _refused.Add(new PriceImportNote(name, exception.Message));
        }
        catch (OverflowException)
        {
            _refused.Add(new PriceImportNote(name, "It has a price that is out of range."));
        }
    }

    /// <exception cref="PriceFormatException">Nothing was usable.</exception>
    public PriceImport Build(string source, DateTimeOffset generatedAt) => _cards.Count > 0
        ? new PriceImport(new PriceBook(source, generatedAt, _cards.Values.Select(card => card.Card)), _refused, _corrected)
        : throw new PriceFormatException(
            $"The prices cannot be used: {source} has no model of openai, anthropic, gemini or grok that has a usable price"
            + $"{(_refused.Count > 0 ? $"; the first of {_refused.Count} refused is {_refused[0].Name}: {_refused[0].Reason}" : ". Check that the file is of that format.")}");

    /// <exception cref="UnusableRowException">Another row has named the same model.</exception>
    private void Add(string name, RateCard card)
    {
        if (_cards.TryGetValue(card.Model, out var known))
        {
            throw new UnusableRowException($"{known.Name} names the same model and was taken.");
        }

        _cards.Add(card.Model, (card, name));
    }
}
