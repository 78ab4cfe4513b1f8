using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace SpendGuard.Cli.Prices;

/// <summary>The options that several of the commands have.</summary>
internal static class PriceOptions
{
    public static readonly TimeSpan DefaultExpiresIn = TimeSpan.FromDays(1);

    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Most = TimeSpan.FromDays(366);

    public static Option<string> Input(string description) => new("--in") { Description = description, HelpName = "file", Required = true };

    public static Option<string> Output(string description) => new("--out") { Description = description, HelpName = "file", Required = true };

    public static Option<string> Key() => new("--key") { Description = "File of the private key, as 'prices keygen' made it", HelpName = "file", Required = true };

    public static Option<string?> PublicKey() => new("--public-key")
    {
        Description = "Public key in base64 [default: $CAP_PRICING_SIGNING_PUBLIC_KEY, or the public source's key]",
        HelpName = "key",
    };

    /// <summary>A span of time such as 90s, 30m, 24h or 7d.</summary>
    public static Option<TimeSpan?> ExpiresIn() => new("--expires-in")
    {
        Description = "How long the prices may be used, such as 30m, 24h or 7d [default: 24h]",
        HelpName = "time",
        CustomParser = Span,
    };

    private static TimeSpan? Span(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        var unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        if (unit > 0 && long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count <= Most.TotalSeconds / unit && count * unit >= Least.TotalSeconds)
        {
            return TimeSpan.FromSeconds(count * unit);
        }

        result.AddError($"--expires-in is '{text}'; give a time between a minute and a year, such as 30m, 24h or 7d.");
        return null;
    }
}
