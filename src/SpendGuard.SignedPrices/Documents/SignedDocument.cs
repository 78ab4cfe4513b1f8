using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SpendGuard.SignedPrices.Documents;

/// <summary>A signed document as it came: what was signed, the signature, and who it says it is for. Nothing of it is checked yet.</summary>
internal sealed record SignedDocument
{
    public const string SignatureField = "signature";

    /// <summary>What documents call the engine that they are for.</summary>
    public const string ThisEngine = "spendguard-engine";

    /// <summary>The document as it came, in UTF-8.</summary>
    public required ReadOnlyMemory<byte> Text { get; init; }

    /// <summary>What is signed. What it says is read from these bytes and no others, so that what is used is what was verified.</summary>
    public required ReadOnlyMemory<byte> Canonical { get; init; }

    /// <summary>The signature; null when there is none.</summary>
    public string? Signature { get; init; }

    public string? SchemaVersion { get; init; }

    public string? EngineName { get; init; }

    public string? EngineMinVersion { get; init; }

    public string? EngineMaxVersion { get; init; }

    /// <exception cref="SignedDocumentException">The text is not a JSON object in valid UTF-8, or a field stands there twice.</exception>
    public static SignedDocument Read(ReadOnlyMemory<byte> text)
    {
        if (!Utf8.IsValid(text.Span))
        {
            throw new SignedDocumentException(
                SignedDocumentFault.BrokenText, "The document is not valid UTF-8. Publish it in valid UTF-8.");
        }

        using var json = Parse(text);
        var root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw NotJson("it is not an object");
        }

        var canonical = CanonicalJson.Write(root, without: SignatureField);
        var engine = root.TryGetProperty("engine", out var named) && named.ValueKind == JsonValueKind.Object ? named : default;
        return new SignedDocument
        {
            Text = text,
            Canonical = canonical,
            Signature = String(root, SignatureField),
            SchemaVersion = String(root, "schema_version"),
            EngineName = String(engine, "name"),
            EngineMinVersion = String(engine, "min_version"),
            EngineMaxVersion = String(engine, "max_version"),
        };
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException exception)
        {
            throw NotJson(exception.Message.TrimEnd('.'), exception);
        }
    }

    /// <summary>A text; null when it is absent or null. Anything else is given as it stands, so that it is compared and not overlooked.</summary>
    private static string? String(JsonElement parent, string name) =>
        parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? CanonicalJson.Text(() => value.GetString()!)
        : Encoding.UTF8.GetString(CanonicalJson.Write(value));

    private static SignedDocumentException NotJson(string why, Exception? innerException = null) => new(
        SignedDocumentFault.NotJson, $"The document is not a JSON object ({why}). Look at what its source really sends.", innerException);
}
