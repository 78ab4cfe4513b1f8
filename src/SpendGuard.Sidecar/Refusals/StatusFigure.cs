using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace SpendGuard.Sidecar.Refusals;

/// <summary>
/// Keeps a sentence from being taken for an HTTP status: there are clients that search an error's text for one, and send the call again when they
/// find it, though it was charged.
/// </summary>
internal static partial class StatusFigure
{
    /// <summary>What keeps two digits together on a screen, and apart for who searches.</summary>
    private const char WordJoiner = '\u2060';

    /// <summary>What clients take for a reason to send again.</summary>
    private static readonly SearchValues<string> Statuses = SearchValues.Create(["429", "500", "502", "503", "504", "524"], StringComparison.Ordinal);

    /// <summary>
    /// The same sentence to a reader, without a status in it. An id that has one is left out, as ids are copied and whoever sent it knows it; all
    /// else looks as it did.
    /// </summary>
    public static string Hide(string sentence)
    {
        if (FirstStatus(sentence) < 0)
        {
            return sentence;
        }

        var rest = QuotedId().Replace(sentence, id => FirstStatus(id.Groups["id"].ValueSpan) < 0 ? id.Value : WithoutId(id.Groups["kind"].Value)).AsSpan();
        var hidden = new StringBuilder(rest.Length + 8);
        for (var status = FirstStatus(rest); status >= 0; status = FirstStatus(rest))
        {
            hidden.Append(rest[..(status + 1)]).Append(WordJoiner);
            rest = rest[(status + 1)..];
        }

        return hidden.Append(rest).ToString();
    }

    private static int FirstStatus(ReadOnlySpan<char> text) => text.IndexOfAny(Statuses);

    private static string WithoutId(string kind) => kind switch
    {
        "the id" => "this id",
        "idempotency key" => kind,
        "resume" => "resume NODE",
        "--agent" => "--agent ID",
        _ when char.IsUpper(kind[0]) => $"This {char.ToLowerInvariant(kind[0])}{kind[1..]}",
        _ => $"this {kind}",
    };

    /// <summary>An id as sentences have it; none is longer.</summary>
    [GeneratedRegex(
        @"(?<kind>--agent|\b[Aa]gent|\b[Nn]ode|\b[Gg]roup|\bresume|\b[Rr]eservation|\b[Rr]un|\bthe id|\bidempotency key) '(?<id>.{1,200}?)'(?![^\s.,;:)])",
        RegexOptions.CultureInvariant | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QuotedId();
}
