using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace SpendGuard.SignedPrices.Documents;

/// <summary>The one way to write a JSON value as bytes, so that a signature does not depend on how a document is laid out.</summary>
/// <remarks>
/// Keys sorted by code point at every level, no white space, strings unescaped except what JSON requires, in UTF-8. Numbers stay as they
/// stand: 2.0 and 2 are different documents, because no two languages agree on how to write a number that was read.
/// </remarks>
internal static class CanonicalJson
{
    /// <summary>Writes a value.</summary>
    /// <param name="element">The value.</param>
    /// <param name="without">A field of the outermost object to leave out.</param>
    /// <exception cref="SignedDocumentException">A field stands there twice, or a text is not valid Unicode.</exception>
    public static byte[] Write(JsonElement element, string? without = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, element, without);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads a text or a name.</summary>
    /// <exception cref="SignedDocumentException">It is not valid Unicode.</exception>
    public static string Text(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException exception)
        {
            throw new SignedDocumentException(
                SignedDocumentFault.BrokenText,
                "The document has a text with half of a surrogate pair or with bytes that are not UTF-8. Publish it in valid UTF-8.",
                exception);
        }
    }

    private static void Write(ArrayBufferWriter<byte> output, JsonElement element, string? without = null)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(output, element, without);
                break;
            case JsonValueKind.Array:
                WriteArray(output, element);
                break;
            case JsonValueKind.String:
                WriteString(output, Text(() => element.GetString()!));
                break;
            default:
                output.Write(JsonMarshal.GetRawUtf8Value(element));
                break;
        }
    }

    private static void WriteObject(ArrayBufferWriter<byte> output, JsonElement element, string? without)
    {
        // The order of UTF-8 bytes is that of code points; the order of UTF-16 units is not, from U+E000 on.
        var fields = new SortedDictionary<byte[], JsonElement>(Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right)));
        foreach (var field in element.EnumerateObject())
        {
            var name = Text(() => field.Name);
            if (!fields.TryAdd(Encoding.UTF8.GetBytes(name), field.Value))
            {
                // Readers differ in which of the two they take, so a signature over one would vouch for the other.
                throw new SignedDocumentException(
                    SignedDocumentFault.DuplicateKey,
                    $"The document has the field '{name}' twice in one object. Publish a document in which every field stands once.");
            }
        }

        if (without is not null)
        {
            fields.Remove(Encoding.UTF8.GetBytes(without));
        }

        var separator = "{"u8;
        foreach (var (name, value) in fields)
        {
            output.Write(separator);
            WriteString(output, Encoding.UTF8.GetString(name));
            output.Write(":"u8);
            Write(output, value);
            separator = ","u8;
        }

        output.Write(fields.Count == 0 ? "{}"u8 : "}"u8);
    }

    private static void WriteArray(ArrayBufferWriter<byte> output, JsonElement element)
    {
        output.Write("["u8);
        var first = true;
        foreach (var item in element.EnumerateArray())
        {
            output.Write(first ? ""u8 : ","u8);
            first = false;
            Write(output, item);
        }

        output.Write("]"u8);
    }

    private static void WriteString(ArrayBufferWriter<byte> output, string text)
    {
        output.Write("\""u8);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '"':
                    output.Write("\\\""u8);
                    break;
                case '\\':
                    output.Write("\\\\"u8);
                    break;
                case '\n':
                    output.Write("\\n"u8);
                    break;
                case '\r':
                    output.Write("\\r"u8);
                    break;
                case '\t':
                    output.Write("\\t"u8);
                    break;
                case '\b':
                    output.Write("\\b"u8);
                    break;
                case '\f':
                    output.Write("\\f"u8);
                    break;
                case < 0x20:
                    output.Write(Encoding.ASCII.GetBytes($"\\u{rune.Value:x4}"));
                    break;
                default:
                    output.Advance(rune.EncodeToUtf8(output.GetSpan(4)));
                    break;
            }
        }

        output.Write("\""u8);
    }
}
