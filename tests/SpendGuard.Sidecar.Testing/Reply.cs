using System.Globalization;
using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.Testing;

/// <summary>A whole answer of the sidecar.</summary>
public sealed record Reply(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Body => JsonNode.Parse(Text)!;

    public long ChargedMicrocents => long.Parse(Headers["x-spendguard-charged-microcents"], CultureInfo.InvariantCulture);

    public static async Task<Reply> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsStringAsync(),
        response.Headers.ToDictionary(header => header.Key, header => header.Value.First(), StringComparer.OrdinalIgnoreCase));
}
