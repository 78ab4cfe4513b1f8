using System.Text.Json;

namespace SpendGuard.Pricing.Import;

/// <summary>A model's rate cards as lines of field and value, as a price document has them: to show them, and to compare them.</summary>
internal static class RateCardFields
{
    /// <param name="cards">The cards of one model, oldest first.</param>
    public static IReadOnlyList<(string Field, string Value)> Of(IReadOnlyList<RateCard> cards)
    {
        using var card = JsonDocument.Parse(Json(cards));
        return [.. Lines("", card.RootElement)];
    }

    /// <summary>The cards as the JSON object of a price document.</summary>
    public static byte[] Json(IReadOnlyList<RateCard> cards)
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            RateCardWriter.Write(writer, cards);
            writer.WriteEndObject();
        }

        return output.ToArray();
    }

    private static IEnumerable<(string Field, string Value)> Lines(string path, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(field => Lines(path.Length == 0 ? field.Name : $"{path}.{field.Name}", field.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany((item, index) => Lines($"{path}[{index}]", item)),
        JsonValueKind.String => [(path, value.GetString()!)],
        _ => [(path, value.GetRawText())],
    };
}
