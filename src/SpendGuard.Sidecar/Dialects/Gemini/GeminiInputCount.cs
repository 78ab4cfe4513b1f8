using System.Text.Json;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.Fields;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>Gemini's <c>countTokens</c>, asked about the whole request, as it leaves out instructions and tools otherwise.</summary>
internal sealed class GeminiInputCount : IInputCount
{
    private static readonly Func<string, bool> IsInput = ProtoNames.AnyOf("contents", "systemInstruction", "tools", "toolConfig");
    private static readonly Func<string, bool> IsSchema = ProtoNames.AnyOf("responseSchema", "responseJsonSchema", "responseFormat");

    public InputQuestion? Ask(Call call)
    {
        var body = call.Body;

        // Whether the schema of the answer is counted is not documented.
        if (body.FindObjectField("generationConfig")?.EnumerateObject().Any(field => IsSchema(field.Name)) == true)
        {
            return null;
        }

        var question = BodyRewrite.Keep(body, [], writer =>
        {
            writer.WritePropertyName("generateContentRequest");
            BodyRewrite.WriteObject(
                writer, body, static name => !IsInput(name), inner => inner.WriteString("model", $"models/{call.NamedModel}"));
        });
        return new InputQuestion($"/v1beta/models/{call.NamedModel}:countTokens", question, body.FindField("tools") is not null);
    }

    public long? Read(JsonElement answer) => answer.CountOrNull("totalTokens");
}
