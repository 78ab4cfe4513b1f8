using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>Gemini's <c>countTokens</c>, asked about the whole request, as it leaves out instructions and tools otherwise.</summary>
internal sealed class GeminiInputCount : IInputCount
{
    public InputQuestion? Ask(DialectRequest request)
    {
        var body = request.Body;

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
                inner => inner.WriteString("model", $"models/{request.RouteModel}"));
        });
        return new InputQuestion($"/v1beta/models/{request.RouteModel}:countTokens", question, body.FindField("tools") is not null);
    }

    public long? Read(JsonElement answer) => answer.CountOrNull("totalTokens");
}
