using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace SpendGuard.Bounds;

/// <summary>Counts tokens exactly with a published byte-pair encoding, loaded at first use.</summary>
internal sealed class TiktokenCounter(string encoding) : ITokenCounter
{
    /// <summary>Counting costs time on a call's path; a longer text is bounded by its bytes, as nobody misses the difference there.</summary>
    private const int LongestCounted = 1_000_000;

    private readonly Lazy<TiktokenTokenizer> _tokenizer = new(() => TiktokenTokenizer.CreateForEncoding(encoding));

    public long Bound(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);

        // The tokenizer reads a special token's literal as one token; providers read it as text, which is more.
        if (bytes > LongestCounted || text.Contains("<|", StringComparison.Ordinal) || IsSplitOtherwise(text))
        {
            return bytes;
        }

        return Math.Min(bytes, _tokenizer.Value.CountTokens(text, considerPreTokenization: true, considerNormalization: false));
    }

    /// <summary>
    /// Whether the encoding splits the text where the tokenizer does not: it goes by code point, the tokenizer by UTF-16 unit, so that
    /// beyond the first plane it knows no letters, marks and numbers. Emoji are none of these.
    /// </summary>
    private static bool IsSplitOtherwise(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
        {
            return false;
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (!rune.IsBmp && Rune.GetUnicodeCategory(rune) <= UnicodeCategory.OtherNumber)
            {
                return true;
            }
        }

        return false;
    }
}
