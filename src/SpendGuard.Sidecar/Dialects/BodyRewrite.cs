using System.Buffers;
using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>Copies a JSON object with some of its fields replaced or dropped; all others keep their bytes. Looks at each field once, however many there are.</summary>
internal static class BodyRewrite
{
    /// <param name="body">The object.</param>
    /// <param name="drop">The fields to leave out.</param>
    /// <param name="write">Writes the fields that take their place.</param>
    public static ReadOnlyMemory<byte> Replace(JsonElement body, string[] drop, Action<Utf8JsonWriter> write) => Replace(body, AnyOf(drop), write);

    /// <summary>The same, where a field to leave out may be spelled in several ways.</summary>
    public static ReadOnlyMemory<byte> Replace(JsonElement body, Func<string, bool> drops, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            WriteObject(writer, body, drops, write);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Copies an object with some of its fields only, and others written beside them.</summary>
    public static ReadOnlyMemory<byte> Keep(JsonElement body, string[] names, Action<Utf8JsonWriter>? write = null)
    {
        var keeps = AnyOf(names);
        return Replace(body, name => !keeps(name), write ?? (static _ => { }));
    }

    /// <summary>Copies an object within another.</summary>
    public static void WriteObject(Utf8JsonWriter writer, JsonElement body, Func<string, bool> drops, Action<Utf8JsonWriter> write)
    {
        writer.WriteStartObject();
        foreach (var field in body.EnumerateObject())
        {
            var name = field.Name;
            if (!drops(name))
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(field.Value.GetRawText(), skipInputValidation: true);
            }
        }

        write(writer);
        writer.WriteEndObject();
    }

    private static Func<string, bool> AnyOf(string[] names) => name => names.Contains(name, StringComparer.Ordinal);
}
