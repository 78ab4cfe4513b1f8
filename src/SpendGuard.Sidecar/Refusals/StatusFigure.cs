using System.Text;

namespace SpendGuard.Sidecar.Refusals;

/// <summary>
/// Keeps figures in a sentence from being taken for an HTTP status: there are clients that search an error's text for one, and send the call
/// again when they find it, though it was charged.
/// </summary>
internal static class StatusFigure
{
    /// <summary>What keeps two digits together on a screen, and apart for who searches.</summary>
    private const char WordJoiner = '\u2060';

    /// <summary>What clients take for a reason to send again.</summary>
    private static readonly string[] Statuses = ["429", "500", "502", "503", "504", "524"];

    /// <summary>The same sentence to a reader. Names and ids keep their characters: they are copied.</summary>
    public static string Hide(string sentence)
    {
        if (!Array.Exists(Statuses, status => sentence.Contains(status, StringComparison.Ordinal)))
        {
            return sentence;
        }

        var hidden = new StringBuilder(sentence.Length + Statuses.Length);
        for (var start = 0; start < sentence.Length;)
        {
            var end = start;
            var isFigure = true;
            while (end < sentence.Length && (char.IsLetterOrDigit(sentence[end]) || sentence[end] is '.' or ',' or '-' or '_'))
            {
                isFigure &= char.IsAsciiDigit(sentence[end]) || sentence[end] is '.' or ',';
                end++;
            }

            end = Math.Max(end, start + 1);
            var word = sentence.AsSpan(start, end - start);
            for (var index = 0; index < word.Length; index++)
            {
                hidden.Append(word[index]);
                if (isFigure && IsStatus(word[index..]))
                {
                    hidden.Append(WordJoiner);
                }
            }

            start = end;
        }

        return hidden.ToString();
    }

    private static bool IsStatus(ReadOnlySpan<char> text)
    {
        foreach (var status in Statuses)
        {
            if (text.StartsWith(status, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
