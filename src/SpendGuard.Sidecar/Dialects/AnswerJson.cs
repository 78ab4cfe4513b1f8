using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>Reads JSON as providers write it: with a mark before it or a nought behind it, and with numbers in it that JSON does not have.</summary>
internal static class AnswerJson
{
    /// <summary>No answer is deeper. Reading it must not take more of the stack than there is.</summary>
    private const int MostDepth = 512;

    private static readonly SearchValues<byte> Between = SearchValues.Create(" \t\r\n\0"u8);

    /// <summary>The first value; null when there is none, or one that has names in it that are no text.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="rest">What comes after the value.</param>
    public static JsonDocument? TryParse(ReadOnlySpan<byte> json, out ReadOnlySpan<byte> rest) =>
        Parse(json, out rest) ?? Parse(Mend(json), out rest);

    /// <summary>The first value, when it is an object; otherwise null.</summary>
    public static JsonDocument? TryParseObject(ReadOnlySpan<byte> json)
    {
        var document = TryParse(json, out _);
        if (document is not { RootElement.ValueKind: not JsonValueKind.Object })
        {
            return document;
        }

        document.Dispose();
        return null;
    }

    /// <summary>Whether a word may be written in it otherwise than by its letters.</summary>
    public static bool EscapesLetters(ReadOnlySpan<byte> json) => json.IndexOf("\\u00"u8) >= 0;

    /// <summary>The raw values, one after the other, and those of lists among them; what comes after something that is none is left out.</summary>
    public static List<ReadOnlyMemory<byte>> Values(ReadOnlySpan<byte> json)
    {
        var values = new List<ReadOnlyMemory<byte>>();
        while (TryParse(json, out var rest) is { } document)
        {
            using (document)
            {
                var root = document.RootElement;
                values.AddRange(root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().Select(Raw) : [Raw(root)]);
            }

            json = rest;
        }

        return values;
    }

    /// <summary>The same with empty texts in place of words that JSON does not have, such as the <c>NaN</c> of servers in Python, and of a byte order mark nothing.</summary>
    public static byte[] Mend(ReadOnlySpan<byte> json)
    {
        var mended = json.ToArray();
        if (json.StartsWith("\uFEFF"u8))
        {
            mended.AsSpan(0, 3).Fill((byte)' ');
        }

        var isText = false;
        for (var at = 0; at < mended.Length; at++)
        {
            if (isText)
            {
                isText = mended[at] != '"';
                at += mended[at] == '\\' ? 1 : 0;
            }
            else if (mended[at] == '"')
            {
                isText = true;
            }
            else if (mended[at] == '-' || char.IsAsciiLetter((char)mended[at]))
            {
                var word = Word(mended.AsSpan(at));
                if (word.Length > 1 && !IsValue(word))
                {
                    word.Fill((byte)' ');
                    word[..2].Fill((byte)'"');
                }

                at += word.Length - 1;
            }
        }

        return mended;
    }

    private static JsonDocument? Parse(ReadOnlySpan<byte> json, out ReadOnlySpan<byte> rest)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MostDepth });
        rest = default;
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out var document))
            {
                return null;
            }

            rest = json[(int)reader.BytesConsumed..];
            rest = rest[(rest.IndexOfAnyExcept(Between) is var next and >= 0 ? next : rest.Length)..];
            if (JsonText.HasReadableNames(document))
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException)
        {
            // Nor is what has no readable JSON in it an answer that tells its cost.
        }

        return null;
    }

    private static ReadOnlyMemory<byte> Raw(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).ToArray();

    private static Span<byte> Word(Span<byte> json)
    {
        var length = 1;
        while (length < json.Length && (char.IsAsciiLetterOrDigit((char)json[length]) || json[length] is (byte)'+' or (byte)'-' or (byte)'.'))
        {
            length++;
        }

        return json[..length];
    }

    private static bool IsValue(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("true"u8) || word.SequenceEqual("false"u8) || word.SequenceEqual("null"u8) || char.IsAsciiDigit((char)word[1]);
}
