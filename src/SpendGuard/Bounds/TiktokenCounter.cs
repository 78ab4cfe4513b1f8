using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace SpendGuard.Bounds;

/// <summary>Counts tokens with a published byte-pair encoding, loaded at first use; exactly, but for what would take long.</summary>
/// <remarks>
/// The time is linear in the text: the encoding splits it into words, and merging the bytes of a word takes time in the square of its
/// length. So a word that is longer than any that people write is bounded by its bytes.
/// </remarks>
internal sealed class TiktokenCounter(string encoding) : ITokenCounter
{
    /// <summary>The longest word, in UTF-16 units, whose bytes are merged.</summary>
    internal const int LongestMerged = 48;

    /// <summary>Counting costs time on a call's path; a longer text is bounded by its bytes, as nobody misses the difference there.</summary>
    private const int LongestCounted = 1_000_000;

    /// <summary>After how many words it is looked whether anybody still waits.</summary>
    private const int WordsBetweenLooks = 1_024;

    private readonly Lazy<TiktokenTokenizer> _tokenizer = new(() => TiktokenTokenizer.CreateForEncoding(encoding));

    public long Bound(string text, CancellationToken cancellationToken = default)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);

        // The tokenizer reads a special token's literal as one token; providers read it as text, which is more.
        if (bytes > LongestCounted || text.Contains("<|", StringComparison.Ordinal) || IsSplitOtherwise(text))
        {
            return bytes;
        }

        var tokens = 0L;
        var words = 0;
        foreach (var (word, isMerged) in Words(text))
        {
            if (words++ % WordsBetweenLooks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var span = text.AsSpan(word);
            tokens += isMerged
                ? _tokenizer.Value.CountTokens(span, considerPreTokenization: false, considerNormalization: false)
                : Encoding.UTF8.GetByteCount(span);
        }

        return Math.Min(bytes, tokens);
    }

    /// <summary>What the encoding splits a text into, and whether the bytes of it are merged here or only counted.</summary>
    internal IEnumerable<(Range Word, bool IsMerged)> Words(string text) =>
        _tokenizer.Value.PreTokenizer!.PreTokenize(text)
            .Select(word => (word.Offset..(word.Offset + word.Length), word.Length <= LongestMerged));

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
