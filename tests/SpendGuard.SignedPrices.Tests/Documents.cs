using System.Text;
using System.Text.Json.Nodes;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.SignedPrices.Tests;

/// <summary>Price documents for tests.</summary>
internal static class Documents
{
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly PriceKeyPair Keys = PriceKeyPair.Generate();

    /// <summary>A document of one model, good for an hour unless changed.</summary>
    public static JsonObject Plain(DateTimeOffset? generatedAt = null, DateTimeOffset? expiresAt = null, string model = "model-a") => new()
    {
        ["schema_version"] = "1",
        ["engine"] = new JsonObject { ["name"] = "spendguard-engine", ["min_version"] = "0.1.0", ["max_version"] = "9.9.9" },
        ["generated_at"] = (generatedAt ?? Now).ToString("O"),
        ["expires_at"] = Expiry(generatedAt, expiresAt).ToString("O"),
        ["rates"] = new JsonObject
        {
            ["openai"] = new JsonObject
            {
                [model] = new JsonObject { ["input_cents_per_1m"] = 30, ["output_cents_per_1m"] = 120, ["max_output_tokens"] = 100 },
            },
        },
    };

    public static byte[] Signed(DateTimeOffset? generatedAt = null, DateTimeOffset? expiresAt = null, string model = "model-a") =>
        PriceDocuments.Sign(Bytes(Plain(model: model)), Keys, generatedAt ?? Now, Expiry(generatedAt, expiresAt));

    public static byte[] Bytes(JsonNode document) => Encoding.UTF8.GetBytes(document.ToJsonString());

    /// <summary>A document that was signed and then made cheaper.</summary>
    public static byte[] Tampered() => Encoding.UTF8.GetBytes(Cheaper(Encoding.UTF8.GetString(Signed())));

    /// <summary>A document with a tenth of its price for input, and everything else as it was: a signature may have the same digits.</summary>
    public static string Cheaper(string document)
    {
        var price = document.IndexOf("30", document.IndexOf("input_cents_per_1m", StringComparison.Ordinal), StringComparison.Ordinal);
        return document.Remove(price + 1, 1);
    }

    private static DateTimeOffset Expiry(DateTimeOffset? generatedAt, DateTimeOffset? expiresAt) => expiresAt ?? (generatedAt ?? Now).AddHours(1);
}
