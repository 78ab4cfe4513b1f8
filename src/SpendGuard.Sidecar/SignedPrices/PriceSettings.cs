using NSec.Cryptography;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.SignedPrices;

/// <summary>Where prices come from.</summary>
internal enum PriceSourceKind
{
    /// <summary>A price server.</summary>
    Remote,

    /// <summary>A signed document on disk.</summary>
    File,

    /// <summary>The prices that ship inside the engine.</summary>
    Bundled,
}

/// <summary>How prices are got and what is asked of them.</summary>
internal sealed record PriceSettings
{
    public const string DefaultUrl = "https://api.cynsta.com/v1/public/pricing";
    public const string DefaultPublicKey = "1ITgfCZsRETBLvSKFUoPsP7p3RKNH4Nto6zKLlUD8nQ=";

    private const long Week = 7 * 24 * 60 * 60;

    public required PriceSourceKind Source { get; init; }

    /// <summary>The address of the price server.</summary>
    public required Uri Url { get; init; }

    /// <summary>The path of the signed document; empty when the source is no file.</summary>
    public required string File { get; init; }

    /// <summary>What names the source, for the sentence that tells of a failure.</summary>
    public string SourceSetting { get; init; } = "";

    /// <summary>Where the last good document is kept for the next start.</summary>
    public required string KeptPath { get; init; }

    /// <summary>The key that documents have to be signed with.</summary>
    public required PublicKey PublicKey { get; init; }

    public bool VerifySignature { get; init; } = true;

    public string SchemaVersion { get; init; } = "1";

    public Version EngineVersion { get; init; } = new(0, 1, 0, 0);

    /// <summary>How long the price server may take.</summary>
    public TimeSpan HttpTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>By how much the clocks of this machine and of the source may differ.</summary>
    public TimeSpan ExpirySkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long prices are used before they are looked up again.</summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromMinutes(5);

    public static PriceSettings Read(SettingsReader reader, string sqlitePath)
    {
        var source = reader.Choice("CAP_PRICING_SOURCE", "remote", "remote", "file", "bundled") switch
        {
            "file" => PriceSourceKind.File,
            "bundled" => PriceSourceKind.Bundled,
            _ => PriceSourceKind.Remote,
        };
        return new PriceSettings
        {
            Source = source,
            Url = ReadUrl(reader),
            File = ReadFile(reader, source),
            SourceSetting = source is PriceSourceKind.File ? "CAP_PRICING_FILE" : "CAP_PRICING_URL",
            KeptPath = sqlitePath + ".prices.json",
            PublicKey = ReadPublicKey(reader),
            VerifySignature = reader.Flag("CAP_PRICING_VERIFY_SIGNATURE", fallback: true),
            SchemaVersion = reader.Text("CAP_PRICING_SCHEMA_VERSION", "1"),
            EngineVersion = ReadEngineVersion(reader),
            HttpTimeout = ReadSeconds(reader, "CAP_PRICING_HTTP_TIMEOUT_SECONDS", 10),
            ExpirySkew = ReadSeconds(reader, "CAP_PRICING_EXPIRY_SKEW_SECONDS", 30, least: 0),
            Refresh = ReadSeconds(reader, "CAP_PRICE_TABLE_REFRESH_SECONDS", 300),
        };
    }

    private static Uri ReadUrl(SettingsReader reader)
    {
        var text = reader.Text("CAP_PRICING_URL", DefaultUrl);
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : reader.Fault(
                $"CAP_PRICING_URL is '{text}'; it has to be an http or https address. For a document on disk set CAP_PRICING_SOURCE to file and CAP_PRICING_FILE to its path.",
                new Uri(DefaultUrl));
    }

    private static string ReadFile(SettingsReader reader, PriceSourceKind source) => (source, reader.Text("CAP_PRICING_FILE")) switch
    {
        (PriceSourceKind.File, null) => reader.Fault(
            "CAP_PRICING_FILE is not set; with CAP_PRICING_SOURCE=file it has to be the path of a signed price document.", ""),
        (PriceSourceKind.File, { } path) => Path.GetFullPath(path),
        _ => "",
    };

    private static PublicKey ReadPublicKey(SettingsReader reader)
    {
        var text = reader.Text("CAP_PRICING_SIGNING_PUBLIC_KEY", DefaultPublicKey);
        return TryImport(text) ?? reader.Fault(
            $"CAP_PRICING_SIGNING_PUBLIC_KEY is '{text}'; it has to be the base64 of the 32 bytes of an Ed25519 public key.",
            TryImport(DefaultPublicKey)!);
    }

    private static PublicKey? TryImport(string text)
    {
        var raw = new byte[SignatureAlgorithm.Ed25519.PublicKeySize];
        return Convert.TryFromBase64String(text, raw, out var length) && length == raw.Length
            && PublicKey.TryImport(SignatureAlgorithm.Ed25519, raw, KeyBlobFormat.RawPublicKey, out var key) ? key : null;
    }

    private static Version ReadEngineVersion(SettingsReader reader)
    {
        var text = reader.Text("CAP_ENGINE_VERSION", "0.1.0");
        return DottedVersion.TryParse(text, out var version)
            ? version
            : reader.Fault($"CAP_ENGINE_VERSION is '{text}'; it has to be a version such as 0.1.0.", new Version(0, 1, 0, 0));
    }

    /// <summary>A time in seconds. A timer takes no more than some weeks, and prices that old are of no use.</summary>
    private static TimeSpan ReadSeconds(SettingsReader reader, string name, long fallback, long least = 1)
    {
        var seconds = reader.Count(name, fallback, least);
        return TimeSpan.FromSeconds(
            seconds <= Week ? seconds : reader.Fault($"{name} is '{seconds}'; it has to be at most {Week}, a week.", fallback));
    }
}
