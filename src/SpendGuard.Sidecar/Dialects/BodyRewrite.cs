using System.Buffers;
using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>Copies a JSON object with some of its fields replaced or dropped; all others keep their bytes.</summary>
internal static class BodyRewrite
{
    /// <param name="body">The object.</param>
    /// <param name="drop">The fields to leave out.</param>
    /// <param name="write">Writes the fields that take their place.</param>
    public static ReadOnlyMemory<byte> Replace(JsonElement body, ReadOnlySpan<string> drop, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            WriteObject(writer, body, drop, write);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Copies an object with some of its fields only, and others written beside them.</summary>
    public static ReadOnlyMemory<byte> Keep(JsonElement body, IReadOnlyCollection<string> names, Action<Utf8JsonWriter>? write = null) =>
        Replace(body, [.. body.EnumerateObject().Select(field => field.Name).Where(name => !names.Contains(name, StringComparer.Ordinal))], write ?? (static _ => { }));

    /// <summary>The same for an object within another.</summary>
    public static void WriteObject(Utf8JsonWriter writer, JsonElement body, ReadOnlySpan<string> drop, Action<Utf8JsonWriter> write)
    {
        writer.WriteStartObject();
        foreach (var field in body.EnumerateObject())
        {
            if (!drop.Contains(field.Name))
            {
                writer.WritePropertyName(field.Name);
                writer.WriteRawValue(field.Value.GetRawText(), skipInputValidation: true);
            }
        }

        write(writer);
        writer.WriteEndObject();
    }
}
