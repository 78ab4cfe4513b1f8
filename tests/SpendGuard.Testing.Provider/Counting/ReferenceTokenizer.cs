using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace SpendGuard.Testing.Provider.Counting;

/// <summary>
/// A plain byte-pair encoding after the published definition, with which the counters are compared: it shares nothing with them but the
/// vocabulary, and knows no special tokens, as a provider that reads user text knows none.
/// </summary>
public sealed class ReferenceTokenizer
{
    private readonly Dictionary<string, int> _ranks;
    private readonly Regex _pieces;

    private ReferenceTokenizer(string assembly, string resource, string pattern)
    {
        _ranks = Load(assembly, resource);
        _pieces = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromMinutes(1));
    }

    public static ReferenceTokenizer O200k() => new(
        "Microsoft.ML.Tokenizers.Data.O200kBase",
        "o200k_base.tiktoken.deflate",
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'[sſ]|'t|'re|'ve|'m|'ll|'d)?"
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'[sſ]|'t|'re|'ve|'m|'ll|'d)?"
        + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+");

    public static ReferenceTokenizer Cl100k() => new(
        "Microsoft.ML.Tokenizers.Data.Cl100kBase",
        "cl100k_base.tiktoken.deflate",
        @"(?i:'[sſ]|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+");

    public int Count(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // The published pattern is matched by code point. .NET matches by UTF-16 unit, so that every code point beyond the first plane
        // is matched through one of the first plane that has the same category.
        var runes = text.EnumerateRunes().ToArray();
        var standIns = string.Concat(runes.Select(StandIn));
        return _pieces.Matches(standIns).Sum(piece => Merged(runes.AsSpan(piece.Index, piece.Length)));
    }

    private static char StandIn(Rune rune) => rune.IsBmp ? (char)rune.Value : Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter => 'Ā',
        UnicodeCategory.LowercaseLetter => 'ā',
        UnicodeCategory.TitlecaseLetter => 'ǅ',
        UnicodeCategory.ModifierLetter => 'ʰ',
        UnicodeCategory.OtherLetter => 'א',
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => '\u0300',
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => '²',
        _ => '☃',
    };

    /// <summary>Merges the neighbours of the lowest rank until no two neighbours are in the vocabulary.</summary>
    private int Merged(ReadOnlySpan<Rune> piece)
    {
        var bytes = new List<byte>();
        foreach (var rune in piece)
        {
            bytes.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
        }

        var parts = bytes.Select(value => ((char)value).ToString()).ToList();
        while (true)
        {
            var (best, at) = (int.MaxValue, -1);
            for (var i = 0; i + 1 < parts.Count; i++)
            {
                if (_ranks.TryGetValue(parts[i] + parts[i + 1], out var rank) && rank < best)
                {
                    (best, at) = (rank, i);
                }
            }

            if (at < 0)
            {
                return parts.Count;
            }

            parts[at] += parts[at + 1];
            parts.RemoveAt(at + 1);
        }
    }

    /// <summary>The vocabulary: after a first line with their number, the tokens in base 64, the lowest rank first.</summary>
    private static Dictionary<string, int> Load(string assembly, string resource)
    {
        using var packed = Assembly.Load(assembly).GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(new DeflateStream(packed, CompressionMode.Decompress));
        reader.ReadLine();
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var rank = 0; reader.ReadLine() is { } token; rank++)
        {
            // A string of one character for each byte.
            ranks.Add(Encoding.Latin1.GetString(Convert.FromBase64String(token)), rank);
        }

        return ranks;
    }
}
