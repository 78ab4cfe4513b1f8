using System.Text.Json;
using SpendGuard.Sidecar.Calls;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>Gemini's <c>countTokens</c>, asked about the whole request, as it leaves out instructions and tools otherwise.</summary>
internal sealed class GeminiInputCount : IInputCount
{
    public InputQuestion? Ask(Call call)
    {
        var body = call.Body;

        // Whether the schema of the answer is counted is not documented.
        if (body.FindObjectField("generationConfig")?.Spellings("responseSchema", "responseJsonSchema", "responseFormat").Length > 0)
        {
            return null;
        }

        var question = BodyRewrite.Keep(body, [], writer =>
        {
            writer.WritePropertyName("generateContentRequest");
            var kept = body.Spellings("contents", "systemInstruction", "tools", "toolConfig");
            BodyRewrite.WriteObject(
                writer,
                body,
                [.. body.EnumerateObject().Select(field => field.Name).Except(kept, StringComparer.Ordinal)],
                inner => inner.WriteString("model", $"models/{call.NamedModel}"));
        });
        return new InputQuestion($"/v1beta/models/{call.NamedModel}:countTokens", question, body.FindField("tools") is not null);
    }

    public long? Read(JsonElement answer) => answer.CountOrNull("totalTokens");
}
