using System.Text.Json;
using SpendGuard.Sidecar.Calls;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Chat;

/// <summary>
/// OpenAI's count of a chat completion's input. It is asked for as a response, so only what is the same in both formats is counted:
/// messages of a role and a text. A call with tools, images or a schema keeps its conservative bound.
/// </summary>
internal sealed class OpenAIChatInputCount : IInputCount
{
    private static readonly string[] OtherInput = ["tools", "tool_choice", "functions", "function_call", "response_format"];

    public InputQuestion? Ask(Call call)
    {
        var body = call.Body;
        if (call.Provider is not "openai" || OtherInput.Any(name => body.Find(name) is not null) || !body.FindArray("messages").All(IsPlain))
        {
            return null;
        }

        var question = BodyRewrite.Keep(body, [], writer =>
        {
            writer.WriteString("model", ModelName.In(body));
            writer.WritePropertyName("input");
            writer.WriteRawValue(body.GetProperty("messages").GetRawText(), skipInputValidation: true);
        });
        return new InputQuestion(OpenAIInputCount.Path, question, HasTools: false);
    }

    public long? Read(JsonElement answer) => answer.CountOrNull("input_tokens");

    private static bool IsPlain(JsonElement message) =>
        message.FindString("role") is "system" or "developer" or "user" or "assistant"
        && message.Find("content") is { ValueKind: JsonValueKind.String }
        && message.EnumerateObject().All(field => field.Name is "role" or "content");
}
