using System.Text.RegularExpressions;

namespace SpendGuard.Cli.Tests;

/// <summary>Takes out of a text what differs from run to run, so that the rest can be a snapshot.</summary>
internal static partial class Steady
{
    private const int MillisecondsAtMost = 60_000;

    public static string Text(object ran)
    {
        // Padded, so that the columns of tables stay where they are.
        var text = ran.ToString()!;
        text = Times().Replace(text, match => "TIME".PadRight(match.Length));
        text = ShortTimes().Replace(text, match => "TIME".PadRight(match.Length));
        text = Guids().Replace(text, match => "UUID".PadRight(match.Length));
        text = Ports().Replace(text, "127.0.0.1:PORT");
        text = Epochs().Replace(text, "${key}SECONDS");
        text = Durations().Replace(text, "N ms");
        text = Ages().Replace(text, "SPAN old");
        return TrailingSpace().Replace(text, "");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)?", RegexOptions.ExplicitCapture, MillisecondsAtMost)]
    private static partial Regex Times();

    [GeneratedRegex(@"\b\d\d-\d\d \d\d:\d\d:\d\d\b", RegexOptions.ExplicitCapture, MillisecondsAtMost)]
    private static partial Regex ShortTimes();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.ExplicitCapture, MillisecondsAtMost)]
    private static partial Regex Guids();

    [GeneratedRegex(@"127\.0\.0\.1:\d+", RegexOptions.ExplicitCapture, MillisecondsAtMost)]
    private static partial Regex Ports();

    [GeneratedRegex("(?<key>locked_expires_at\"?[=:] ?)[0-9]+", RegexOptions.ExplicitCapture, MillisecondsAtMost)]
    private static partial Regex Epochs();

    [GeneratedRegex("[0-9]+ (days|h|min|s) old", RegexOptions.ExplicitCapture, MillisecondsAtMost)]
    private static partial Regex Ages();

    [GeneratedRegex("[0-9]+ ms", RegexOptions.ExplicitCapture, MillisecondsAtMost)]
    private static partial Regex Durations();

    [GeneratedRegex("[ \t]+(?=\n|$)", RegexOptions.ExplicitCapture, MillisecondsAtMost)]
    private static partial Regex TrailingSpace();
}
