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

            writer.WriteStartObject("rates");
            foreach (var provider in book.Models.GroupBy(model => model.Provider, StringComparer.Ordinal).OrderBy(provider => provider.Key, StringComparer.Ordinal))
            {
                writer.WriteStartObject(provider.Key);
                foreach (var model in provider.OrderBy(model => model.Model, StringComparer.Ordinal))
                {
                    writer.WriteStartObject(model.Model);
                    RateCardWriter.Write(writer, book.Find(model, DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
                    writer.WriteEndObject();
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
        return output.ToArray();
    }
}
