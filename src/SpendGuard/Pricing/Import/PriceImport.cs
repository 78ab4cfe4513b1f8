using System.Text.Json;
using SpendGuard.Pricing.Terms;

namespace SpendGuard.Pricing.Import;

/// <summary>Prices out of a public price map, as a price document that can be signed, published and read.</summary>
/// <remarks>
/// Figures are taken over exactly, from decimal to decimal. What cannot be a price is refused rather than guessed: a missing or a zero
/// price, a price field that is not understood, a floating alias. What a map leaves out of a tier or has plainly wrong is corrected
/// towards the dearer side, and told. Such maps are made by volunteers and may be wrong or late: look at the differences first.
/// </remarks>
internal sealed class PriceImport
{
    private readonly Lazy<ReadOnlyMemory<byte>> _document;

    internal PriceImport(PriceBook book, IReadOnlyList<PriceImportNote> refused, IReadOnlyList<PriceImportNote> corrected)
    {
        Book = book;
        Refused = refused;
        Corrected = corrected;
        _document = new Lazy<ReadOnlyMemory<byte>>(() => PriceBookWriter.Write(book));
    }

    /// <summary>The prices.</summary>
    public PriceBook Book { get; }

    /// <summary>The prices as a price document in UTF-8 JSON, indented and not signed; <see cref="PriceBook.Parse(ReadOnlyMemory{byte}, string)"/> reads it.</summary>
    public ReadOnlyMemory<byte> Document => _document.Value;

    /// <summary>The rows that were not taken over, with the reason.</summary>
    public IReadOnlyList<PriceImportNote> Refused { get; }

    /// <summary>The figures that were not taken over as they stand, with the reason.</summary>
    public IReadOnlyList<PriceImportNote> Corrected { get; }

    /// <summary>Reads LiteLLM's price map (<c>model_prices_and_context_window.json</c>).</summary>
    /// <param name="utf8Json">The map in UTF-8.</param>
    /// <param name="generatedAt">The date of the prices: when the map was fetched.</param>
    /// <param name="termsOf">What vendors are known to charge where a map is silent.</param>
    /// <param name="moreProviders">
    /// LiteLLM's names of providers to read beside OpenAI, Anthropic, Gemini and xAI, such as <c>azure</c>; they keep their names.
    /// </param>
    /// <exception cref="PriceFormatException">The text is not such a map, or nothing of it can be used.</exception>
    public static PriceImport FromLiteLLM(
        ReadOnlyMemory<byte> utf8Json, DateTimeOffset generatedAt, Func<ModelKey, SilentTerms> termsOf, params IReadOnlyCollection<string> moreProviders) =>
        Read(utf8Json, generatedAt, termsOf, "LiteLLM's price map", (map, import) => LiteLLMPrices.Read(map, moreProviders, import));

    /// <summary>Reads the public JSON of models.dev (<c>api.json</c>).</summary>
    /// <param name="utf8Json">The JSON in UTF-8.</param>
    /// <param name="generatedAt">The date of the prices: when the JSON was fetched.</param>
    /// <param name="termsOf">What vendors are known to charge where a map is silent.</param>
    /// <param name="moreProviders">
    /// The names that models.dev has for providers to read beside OpenAI, Anthropic, Google and xAI, such as <c>azure</c>; they keep their names.
    /// </param>
    /// <exception cref="PriceFormatException">The text is not such JSON, or nothing of it can be used.</exception>
    public static PriceImport FromModelsDev(
        ReadOnlyMemory<byte> utf8Json, DateTimeOffset generatedAt, Func<ModelKey, SilentTerms> termsOf, params IReadOnlyCollection<string> moreProviders) =>
        Read(utf8Json, generatedAt, termsOf, "the JSON of models.dev", (map, import) => ModelsDevPrices.Read(map, moreProviders, import));

    /// <summary>What these prices would change, by model and field; models of providers that are not imported are left out.</summary>
    /// <param name="present">The book to compare with.</param>
    public IReadOnlyList<PriceDifference> DifferencesFrom(PriceBook present)
    {
        ArgumentNullException.ThrowIfNull(present);
        return PriceDifferences.Between(present, Book);
    }

    private static PriceImport Read(
        ReadOnlyMemory<byte> utf8Json, DateTimeOffset generatedAt, Func<ModelKey, SilentTerms> termsOf, string source, Action<JsonElement, PriceImportBuilder> read)
    {
        var import = new PriceImportBuilder(termsOf);
        try
        {
            using var map = JsonDocument.Parse(utf8Json);
            if (map.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new PriceFormatException($"The prices cannot be used: {source} is not a JSON object.");
            }

            read(map.RootElement, import);
        }
        catch (JsonException exception)
        {
            throw new PriceFormatException($"The prices cannot be used: {source} is not valid JSON ({exception.Message})", innerException: exception);
        }

        catch (InvalidOperationException exception)
        {
            throw new PriceFormatException($"The prices cannot be used: {source} has a text that is not valid Unicode.", innerException: exception);
        }

        return import.Build(source, generatedAt);
    }
}
