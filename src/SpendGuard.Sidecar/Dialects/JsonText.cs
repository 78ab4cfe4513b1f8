using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>Checks what a JSON parser leaves unchecked: that all text can be read.</summary>
internal static class JsonText
{
    /// <exception cref="InvalidOperationException">There are bytes that are not UTF-8, or half of a surrogate pair.</exception>
    public static void Check(JsonDocument document)
    {
        var bytes = JsonMarshal.GetRawUtf8Value(document.RootElement);
        if (!Utf8.IsValid(bytes))
        {
            throw new InvalidOperationException("The text is not UTF-8.");
        }

        // Only escapes can name half of a pair.
        if (bytes.IndexOf("\\ud"u8) >= 0 || bytes.IndexOf("\\uD"u8) >= 0)
        {
            ReadAll(document.RootElement);
        }
    }

    /// <summary>Whether every field can be looked for: half of a surrogate pair in a name makes that fail.</summary>
    public static bool HasReadableNames(JsonDocument document)
    {
        var bytes = JsonMarshal.GetRawUtf8Value(document.RootElement);
        if (bytes.IndexOf("\\ud"u8) < 0 && bytes.IndexOf("\\uD"u8) < 0)
        {
            return true;
        }

        try
        {
            ReadNames(document.RootElement);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void ReadNames(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    ReadNames(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var field in element.EnumerateObject())
                {
                    _ = field.Name;
                    ReadNames(field.Value);
                }

                break;
        }
    }

    private static void ReadAll(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    ReadAll(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var field in element.EnumerateObject())
                {
                    _ = field.Name;
                    ReadAll(field.Value);
                }

                break;
        }
    }
}
