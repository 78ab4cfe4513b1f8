using System.Diagnostics.CodeAnalysis;
using SpendGuard.SignedPrices;

namespace SpendGuard.Sidecar.Settings;

/// <summary>Reads where prices come from and what is asked of them.</summary>
[Experimental("SPENDGUARD002")]
public static class PriceSettings
{
    internal const string DefaultUrl = "https://api.cynsta.com/v1/public/pricing";
    internal const string DefaultPublicKey = "1ITgfCZsRETBLvSKFUoPsP7p3RKNH4Nto6zKLlUD8nQ=";

    private const string PublicKey = "CAP_PRICING_SIGNING_PUBLIC_KEY";
    private const string VerifySignature = "CAP_PRICING_VERIFY_SIGNATURE";
    private const string SchemaVersion = "CAP_PRICING_SCHEMA_VERSION";
    private const string EngineVersion = "CAP_ENGINE_VERSION";
    private const string Timeout = "CAP_PRICING_HTTP_TIMEOUT_SECONDS";
    private const long Week = 7 * 24 * 60 * 60;

    private const string UseBundled =
        "To start without a price server, set CAP_PRICING_SOURCE=bundled: those are the prices that ship with SpendGuard, which never expire and are not updated."
        + " To have a price server of your own: spendguard prices serve --help";

    /// <summary>What a sidecar with this configuration asks of a price document, wherever it is.</summary>
    /// <exception cref="SettingsException">Names every setting that is wrong.</exception>
    public static SignedPriceOptions ReadSigned(IConfiguration configuration)
    {
        var reader = new SettingsReader(configuration);
        var options = ReadSigned(reader, DefaultUrl);
        reader.ThrowIfFaulty();
        return options;
    }

    /// <summary>Where signed prices come from; null for the book that ships with SpendGuard.</summary>
    internal static SignedPriceOptions? Read(SettingsReader reader, string sqlitePath)
    {
        var kind = reader.Choice("CAP_PRICING_SOURCE", "remote", "remote", "file", "bundled");
        var (url, file) = (ReadUrl(reader), reader.Text("CAP_PRICING_FILE"));
        var options = ReadSigned(reader, kind == "file" ? ReadFile(reader, file) : url);
        options.Names.Source = kind == "file" ? "CAP_PRICING_FILE" : "CAP_PRICING_URL";
        options.Names.Alternative = kind == "remote" ? UseBundled : null;
        options.KeptPath = sqlitePath + ".prices.json";
        return kind == "bundled" ? null : options;
    }

    /// <summary>What is asked of signed documents, wherever they are.</summary>
    internal static SignedPriceOptions ReadSigned(SettingsReader reader, string source)
    {
        var options = new SignedPriceOptions
        {
            Source = source,
            PublicKey = DefaultPublicKey,
            VerifySignature = reader.Flag(VerifySignature, fallback: true),
            SchemaVersion = reader.Text(SchemaVersion, "1"),
            Timeout = ReadSeconds(reader, Timeout, 10),
            ClockSkew = ReadSeconds(reader, "CAP_PRICING_EXPIRY_SKEW_SECONDS", 30, least: 0),
            RefreshEvery = ReadSeconds(reader, "CAP_PRICE_TABLE_REFRESH_SECONDS", 300),
            Names =
            {
                Host = "sidecar",
                PublicKey = PublicKey,
                VerifySignature = VerifySignature,
                SchemaVersion = SchemaVersion,
                EngineVersion = EngineVersion,
                Timeout = Timeout,
            },
        };
        Set(reader, PublicKey, key => options.PublicKey = key, "it has to be the base64 of the 32 bytes of an Ed25519 public key.");
        Set(reader, EngineVersion, version => options.EngineVersion = version, "it has to be a version such as 0.1.0.");
        return options;
    }

    private static string ReadUrl(SettingsReader reader)
    {
        var text = reader.Text("CAP_PRICING_URL", DefaultUrl);
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? text
            : reader.Fault(
                $"CAP_PRICING_URL is '{text}'; it has to be an http or https address. For a document on disk set CAP_PRICING_SOURCE to file and CAP_PRICING_FILE to its path.",
                DefaultUrl);
    }

    private static string ReadFile(SettingsReader reader, string? path) => path is not null
        ? Path.GetFullPath(path)
        : reader.Fault("CAP_PRICING_FILE is not set; with CAP_PRICING_SOURCE=file it has to be the path of a signed price document.", DefaultUrl);

    /// <summary>Sets an option that judges its values itself.</summary>
    private static void Set(SettingsReader reader, string name, Action<string> set, string wanted)
    {
        if (reader.Text(name) is not { } text)
        {
            return;
        }

        try
        {
            set(text);
        }
        catch (ArgumentException)
        {
            reader.Fault($"{name} is '{text}'; {wanted}", 0);
        }
    }

    /// <summary>A time in seconds. A timer takes no more than some weeks, and prices that old are of no use.</summary>
    private static TimeSpan ReadSeconds(SettingsReader reader, string name, long fallback, long least = 1)
    {
        var seconds = reader.Count(name, fallback, least);
        return TimeSpan.FromSeconds(
            seconds <= Week ? seconds : reader.Fault($"{name} is '{seconds}'; it has to be at most {Week}, a week.", fallback));
    }
}
