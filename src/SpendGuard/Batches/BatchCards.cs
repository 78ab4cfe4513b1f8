using System.Text;
using System.Text.Json;
using SpendGuard.Pricing;

namespace SpendGuard.Batches;

/// <summary>
/// The prices that a batch was held by, in the text that is kept with its reservation: by the time its results are fetched, other prices may
/// be in force, in another process.
/// </summary>
/// <remarks>They are kept as they were published. What is known of a vendor where they are silent may be known better by then.</remarks>
internal static class BatchCards
{
    private const string Rates = "rates";
    private const string Own = "own";

    /// <summary>Writes what a book has of models, under all names of them: the answer to a request may tell another than was asked for.</summary>
    /// <param name="asked">The models that are asked for.</param>
    /// <param name="book">The prices in force.</param>
    /// <param name="from">When the batch is made.</param>
    /// <param name="to">When it has ended at the latest.</param>
    /// <exception cref="PriceFormatException">An application's own card has prices that could not be read again.</exception>
    public static string Write(IEnumerable<ModelKey> asked, PriceBook book, DateTimeOffset from, DateTimeOffset to)
    {
        var names = asked.Select(static model => (model.Provider, NameOf(model))).ToHashSet();
        var models = book.Models
            .Where(model => names.Contains((model.Provider, NameOf(model))))
            .Select(model => book.CardsAfter(model, from, to))
            .Where(static cards => cards.Count > 0)
            .ToLookup(cards => book.IsOwn(cards[0].Model));
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            PriceBookWriter.WriteRates(writer, Rates, models[false]);
            PriceBookWriter.WriteRates(writer, Own, models[true]);
            writer.WriteEndObject();
        }

        using var written = JsonDocument.Parse(output.GetBuffer().AsMemory(0, (int)output.Length));
        Read(written.RootElement);
        return Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length);
    }

    /// <summary>Reads them back as a book; an empty one where none were kept, and null where they cannot be read.</summary>
    /// <param name="text">The text.</param>
    public static PriceBook? Read(string? text)
    {
        try
        {
            using var written = JsonDocument.Parse(text ?? "{}");
            return Read(written.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or PriceFormatException or ArgumentException)
        {
            return null;
        }
    }

    private static PriceBook Read(JsonElement root)
    {
        var fields = new PriceFields(root);
        return new PriceBook("the hold of a batch", DateTimeOffset.MinValue, CardsIn(fields.Object(Rates))).With(CardsIn(fields.Object(Own)));
    }

    private static IReadOnlyList<RateCard> CardsIn(PriceFields? rates) => rates is null ? [] : PriceBookReader.ReadRates(rates);

    private static string NameOf(ModelKey model) => SnapshotName.ModelOf(model.Model).ToUpperInvariant();
}
