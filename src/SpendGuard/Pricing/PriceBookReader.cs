using System.Text.Json;

namespace SpendGuard.Pricing;

/// <summary>Reads a price document: its dates and the rate cards of all its models. Whether it is genuine is for the caller to check first.</summary>
internal static class PriceBookReader
{
    public static PriceBook Read(ReadOnlyMemory<byte> utf8Json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8Json);
            return Read(document.RootElement, source);
        }
        catch (JsonException exception)
        {
            throw NotJson(exception);
        }
    }

    public static PriceBook Read(Stream utf8Json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8Json);
            return Read(document.RootElement, source);
        }
        catch (JsonException exception)
        {
            throw NotJson(exception);
        }
    }

    private static PriceBook Read(JsonElement root, string source)
    {
        var document = new PriceFields(root);
        var generatedAt = document.RequiredInstant("generated_at");
        var expiresAt = document.Instant("expires_at");
        var rates = document.Object("rates") ?? throw document.Fault("rates", "is missing");
        var cards = ReadRates(rates);
        if (cards.Count == 0)
        {
            throw document.Fault("rates", "has no model");
        }

        return new PriceBook(source, generatedAt, cards, expiresAt);
    }

    /// <summary>Reads the cards of all models of an object that <see cref="PriceBookWriter.WriteRates"/> writes.</summary>
    public static IReadOnlyList<RateCard> ReadRates(PriceFields rates)
    {
        var cards = new List<RateCard>();
        var providers = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (provider, _) in rates.Members())
        {
            if (!providers.Add(provider))
            {
                throw rates.Fault(provider, "stands there twice, in upper and lower case");
            }

            foreach (var (model, card) in rates.Object(provider)?.Members() ?? [])
            {
                cards.AddRange(RateCardReader.Read(Key(rates, provider, model), card));
            }
        }

        return cards;
    }

    private static ModelKey Key(PriceFields rates, string provider, string model) =>
        string.IsNullOrWhiteSpace(provider) || string.IsNullOrWhiteSpace(model)
            ? throw rates.Fault(provider, "names a provider or a model by an empty text")
            : new ModelKey(provider, model);

    private static PriceFormatException NotJson(JsonException exception) =>
        new($"The prices cannot be used: the document is not valid JSON ({exception.Message})", innerException: exception);
}
