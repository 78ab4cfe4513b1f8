using System.Text.Json;
using SpendGuard.Metering;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>Bounds the input of a chat completion.</summary>
internal static class OpenAIChatInput
{
    public static void Add(InputBound bound, JsonElement body)
    {
        if (body.Find("messages") is null)
        {
            throw new BadRequestException("'messages' is missing. Give the messages to answer.");
        }

        foreach (var message in body.FindArray("messages"))
        {
            AddMessage(bound, message.RequireObject("messages[]"));
        }

        foreach (var tool in body.FindArray("tools"))
        {
            AddTool(bound, tool.RequireObject("tools[]"));
        }

        // The older form of tools.
        foreach (var function in body.FindArray("functions"))
        {
            bound.AddTool(function.FindString("name") ?? "", function.FindString("description"), function.GetRawText());
        }

        if (body.Find("response_format")?.RequireObject("response_format").Find("json_schema") is { } schema)
        {
            bound.AddTool("", description: null, schema.GetRawText());
        }
    }

    private static void AddMessage(InputBound bound, JsonElement message)
    {
        bound.AddMessage(message.FindString("name")).AddText(message.FindString("tool_call_id"));
        bound.AddText(message.FindString("refusal"));
        AddContent(bound, message.Find("content"));
        foreach (var call in message.FindArray("tool_calls"))
        {
            bound.AddMessage().AddText(call.GetRawText());
        }

        if (message.Find("function_call") is { } function)
        {
            bound.AddMessage().AddText(function.GetRawText());
        }

        if (message.Find("audio") is not null)
        {
            throw Unbounded("audio of an earlier answer");
        }
    }

    private static void AddContent(InputBound bound, JsonElement? content)
    {
        switch (content)
        {
            case null:
                return;
            case { ValueKind: JsonValueKind.String } text:
                bound.AddText(text.GetString());
                return;
            case { ValueKind: JsonValueKind.Array } parts:
                foreach (var part in parts.EnumerateArray())
                {
                    AddPart(bound, part.RequireObject("content[]"));
                }

                return;
            default:
                throw new BadRequestException("'content' has to be a string or an array of parts.");
        }
    }

    private static void AddPart(InputBound bound, JsonElement part)
    {
        switch (part.FindString("type"))
        {
            case "text":
                bound.AddText(part.FindString("text"));
                break;
            case "refusal":
                bound.AddText(part.FindString("refusal"));
                break;
            case "image_url":
                bound.AddImage();
                break;
            case var type:
                throw Unbounded($"a content part of type '{type}'");
        }
    }

    private static void AddTool(InputBound bound, JsonElement tool)
    {
        switch (tool.FindString("type"))
        {
            case "function" when tool.Find("function") is { ValueKind: JsonValueKind.Object } function:
                bound.AddTool(function.FindString("name") ?? "", function.FindString("description"), function.GetRawText());
                break;
            case "custom":
                bound.AddTool("", description: null, tool.GetRawText());
                break;
            case var type:
                throw Unbounded($"a tool of type '{type}'");
        }
    }

    private static BadRequestException Unbounded(string what) =>
        new($"The call was refused: the cost of {what} has no bound. Leave it out.");
}
