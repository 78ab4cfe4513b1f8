using System.Buffers;
using System.Text.Json;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>The short form of a Gemini call that the run route takes.</summary>
internal sealed record GeminiPrompt(string Model, string Prompt, double? Temperature, long? MaxTokens)
{
    public static GeminiPrompt Read(Call call)
    {
        var body = call.Body;
        call.Tables.Of(GeminiWing.Vendor).Request("prompt").Check(body, call.Policy);
        var model = ModelName.In(body);
        return new GeminiPrompt(
            model.StartsWith("models/", StringComparison.Ordinal) ? model["models/".Length..] : model,
            body.FindString("prompt") ?? throw new BadRequestException("'prompt' is missing. Give the text to answer."),
            body.Find("temperature") switch
            {
                null => null,
                { ValueKind: JsonValueKind.Number } value when double.IsFinite(value.GetDouble()) => value.GetDouble(),
                _ => throw new BadRequestException("'temperature' has to be a number."),
            },
            body.FindCount("max_tokens", least: 1));
    }

    /// <summary>The same call in Gemini's own format.</summary>
    public JsonElement ToNative()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("contents");
            writer.WriteStartObject();
            writer.WriteString("role", "user");
            writer.WriteStartArray("parts");
            writer.WriteStartObject();
            writer.WriteString("text", Prompt);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteStartObject("generationConfig");
            if (Temperature is { } temperature)
            {
                writer.WriteNumber("temperature", temperature);
            }

            if (MaxTokens is { } maxTokens)
            {
                writer.WriteNumber("maxOutputTokens", maxTokens);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
