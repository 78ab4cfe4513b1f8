using System.Text.Json;

namespace SpendGuard.Sidecar.Calls.Relay;

/// <summary>JSON that may have been cut somewhere.</summary>
internal static class CutJson
{
    /// <summary>Whether it is a value to its end.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> json) => Read(json) is { Open.Count: 0, End: > 0 };

    /// <summary>What is left of it, closed after the last value that is there as a whole.</summary>
    /// <returns>JSON; nothing where none is left.</returns>
    public static byte[] Close(ReadOnlySpan<byte> json)
    {
        var (end, open) = Read(json);
        return [.. json[..end], .. open];
    }

    /// <summary>Reads as far as it goes.</summary>
    /// <returns>Where the last value ends, and what closes all that is open there, innermost first.</returns>
    private static (int End, Stack<byte> Open) Read(ReadOnlySpan<byte> json)
    {
        var open = new Stack<byte>();
        var end = 0;
        var reader = new Utf8JsonReader(json, isFinalBlock: false, state: default);
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject:
                        open.Push((byte)'}');
                        break;
                    case JsonTokenType.StartArray:
                        open.Push((byte)']');
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        open.Pop();
                        break;
                    case JsonTokenType.PropertyName:
                        continue;
                }

                end = (int)reader.BytesConsumed;
            }
        }
        catch (JsonException)
        {
            // No JSON from here on.
        }

        return (end, open);
    }
}
