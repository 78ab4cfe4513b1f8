using System.Text.RegularExpressions;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>The blocks of a page as one script: what readers run one after the other, with what they would fill in filled in.</summary>
/// <remarks>
/// The conventions: <c>NAME=…</c> is the variable as the session has it; the connection string of the server <c>db</c> is that of the tests' database;
/// <c>https://spendguard.example</c> and the ports 8787 and 8788 are where this session's sidecar and price server are; an API key, a key id and
/// <c>$AGENT</c> are what the last command that printed one has printed. A command that serves until it is stopped is waited for, and stopped at the end.
/// </remarks>
internal static partial class PageScript
{
    public static string Of(IEnumerable<ShellBlock> blocks) =>
        string.Join('\n', blocks.SelectMany(Printed).Select(Line));

    /// <summary>Each line as it is printed, continued ones as one.</summary>
    public static IEnumerable<string> Printed(ShellBlock block) => Continued().Replace(block.Text, " ").Split('\n');

    /// <summary>A printed line as it is run.</summary>
    public static string Line(string printed)
    {
        var line = Database().Replace(printed, "\"$$DATABASE\"");
        line = line.Replace("sk_spendguard_…", "$API_KEY", StringComparison.Ordinal)
            .Replace("0123456789abcdef", "$KEY_ID", StringComparison.Ordinal)
            .Replace("https://spendguard.example", "http://127.0.0.1:8787", StringComparison.Ordinal);
        line = Placeholder().Replace(line, "${name}=\"$$${name}\"");
        line = line.Replace("8787", "$SIDECAR_PORT", StringComparison.Ordinal).Replace("8788", "$PRICES_PORT", StringComparison.Ordinal);
        return Server().IsMatch(line) ? "serve " + line : line;
    }

    [GeneratedRegex(@" *\\\n *", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Continued();

    [GeneratedRegex(@"'(Host=db;|postgresql://[^']*@db:)[^']*'", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Database();

    [GeneratedRegex(@"\b(?<name>[A-Z][A-Z_]+)=…", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Placeholder();

    /// <summary>A command that ends only when it is stopped.</summary>
    [GeneratedRegex(@"^([A-Z_]+=\S+ )*(spendguard sidecar|spendguard prices serve .*|spendguard budget watch.*|dotnet run --project src/SpendGuard\.Sidecar)$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Server();
}
