using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.BlackBox.Tests;

/// <summary>An answer, read to its end.</summary>
internal sealed record Answer(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    /// <summary>The sentence of an error.</summary>
    public string Detail => Json["detail"]!.GetValue<string>();

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public string String(string name) => Json[name]!.GetValue<string>();

    public long Number(string name) => Json[name]!.GetValue<long>();

    /// <summary>Asserts a success with exactly these fields.</summary>
    public Answer Has(params IReadOnlyList<string> fields)
    {
        Assert.True(Status == 200, ToString());
        Json.HasFields(fields);
        return this;
    }

    /// <summary>Asserts a refusal with exactly this sentence.</summary>
    public Answer Refuses(int status, string detail)
    {
        Assert.Equal((status, detail), (Status, Text.Length == 0 ? "(no body)" : Detail));
        return this;
    }

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), headers);
    }

    public override string ToString() => $"{Status} {Text}";
}

internal static class JsonShape
{
    /// <summary>Asserts that an object has exactly these fields.</summary>
    public static void HasFields(this JsonNode? node, params IReadOnlyList<string> fields) =>
        Assert.Equal(fields.Order(StringComparer.Ordinal), node!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));
}
