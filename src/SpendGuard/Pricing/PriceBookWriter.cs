using System.Text.Encodings.Web;
using System.Text.Json;

namespace SpendGuard.Pricing;

/// <summary>Writes a book as a price document, which <see cref="PriceBookReader"/> reads back as the same book.</summary>
internal static class PriceBookWriter
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the document, models in the order of their names. It is not signed.</summary>
    public static byte[] Write(PriceBook book)
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, Layout))
        {
            writer.WriteStartObject();
            writer.WriteString("schema_version", "1");
            writer.WriteStartObject("engine");
            writer.WriteString("name", "spendguard-engine");
            writer.WriteEndObject();
            writer.WriteString("generated_at", book.GeneratedAt);
            if (book.ExpiresAt is { } expiresAt)
            {
                writer.WriteString("expires_at", expiresAt);
            }

            WriteRates(writer, "rates", book.Models.Select(model => book.Find(model, DateTimeOffset.MinValue, DateTimeOffset.MaxValue)));
            writer.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
        return output.ToArray();
    }

    /// <summary>Writes models with their cards as a member that <see cref="PriceBookReader.ReadRates"/> reads.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="name">The name of the member.</param>
    /// <param name="models">The cards of each model, oldest first.</param>
    public static void WriteRates(Utf8JsonWriter writer, string name, IEnumerable<IReadOnlyList<RateCard>> models)
    {
        writer.WriteStartObject(name);
        foreach (var provider in models.GroupBy(cards => cards[0].Model.Provider, StringComparer.Ordinal).OrderBy(provider => provider.Key, StringComparer.Ordinal))
        {
            writer.WriteStartObject(provider.Key);
            foreach (var cards in provider.OrderBy(cards => cards[0].Model.Model, StringComparer.Ordinal))
            {
                writer.WriteStartObject(cards[0].Model.Model);
                RateCardWriter.Write(writer, cards);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
