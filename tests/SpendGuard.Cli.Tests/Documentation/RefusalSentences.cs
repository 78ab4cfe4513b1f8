using System.Text.RegularExpressions;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>What the source says when it refuses. Read from the source, so that a new refusal cannot be overlooked.</summary>
internal static partial class RefusalSentences
{
    /// <summary>Longer than the arguments of any refusal.</summary>
    private const int Reach = 420;

    /// <summary>The sentences of the sidecar's refusals, <c>…</c> where they are filled in.</summary>
    public static IReadOnlyList<string> OfSidecar { get; } =
    [
        .. Repository.Files("*.cs", "src", "SpendGuard.Sidecar").Concat(Repository.Files("*.cs", "src", "SpendGuard.SignedPrices"))
            .SelectMany(file => In(File.ReadAllText(file))).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>How the engine's exceptions begin that the sidecar answers with a status.</summary>
    public static IReadOnlyList<string> OfEngine { get; } =
    [
        .. Exception().Matches(File.ReadAllText(Repository.Path("src", "SpendGuard.Sidecar", "Refusals", "Refusal.cs")))
            .SelectMany(match => Repository.Files(match.Value + ".cs", "src", "SpendGuard"))
            .SelectMany(file => In(File.ReadAllText(file)).Take(1)).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The status that the web server itself refuses a body with that does not come.</summary>
    private const string OfServer = "408";

    /// <summary>The statuses that the sidecar refuses with.</summary>
    public static IReadOnlyList<string> Statuses { get; } =
    [
        .. Repository.Files("*.cs", "src", "SpendGuard.Sidecar")
            .SelectMany(file => Status().Matches(File.ReadAllText(file)).Select(match => match.Groups["status"].Value))
            .Append(OfServer)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>The names that a provider's error envelope has for a refusal.</summary>
    public static IReadOnlyList<string> Names(string file) =>
    [
        .. Name().Matches(File.ReadAllText(Repository.Files(file, "src", "SpendGuard.Sidecar").Single())).Select(match => match.Groups["name"].Value)
            .Distinct(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> In(string source)
    {
        foreach (Match match in Refused().Matches(source))
        {
            var start = match.Index + match.Length;
            var arguments = End().Split(source.Substring(start, Math.Min(Reach, source.Length - start)))[0];
            foreach (Match literal in Literal().Matches(arguments))
            {
                yield return Hole().Replace(literal.Groups["text"].Value, "…").Replace("\\\"", "\"", StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Where a refusal is made, up to its first argument.</summary>
    [GeneratedRegex(@"\b(BadRequestException|Refusal|MissingKeyException|SignedDocumentException|DocumentFetchException)\b(\s+\w+\([^)]*\)\s*=>\s*new)?\(|\} => (?="")|=> new\(|: (Exception|base)\(\s*(?=\$?"")", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Refused();

    [GeneratedRegex(@"\);|StatusCodes\.Status\d+\w+\)|,\n|;\n", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex End();

    /// <summary>The first words of a sentence: not what goes on from another, nor a name.</summary>
    [GeneratedRegex(@"(?<!\+\s{1,40})\$?""(?<text>(['A-Z]|\{\w+\} )(?=[^""]* )([^""\\]|\\.)*)""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Literal();

    [GeneratedRegex(@"\{[^{}]*(\{[^{}]*\}[^{}]*)*\}?", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Hole();

    [GeneratedRegex(@"\b\w+Exception\b", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Exception();

    [GeneratedRegex(@"StatusCodes\.Status(?<status>[45]\d\d)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Status();

    [GeneratedRegex(@"=> ""(?<name>\w+)""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Name();
}
