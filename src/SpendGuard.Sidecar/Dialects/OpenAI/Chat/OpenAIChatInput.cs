using System.Collections.Frozen;
using System.Text.Json;
using SpendGuard.Bounds;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Chat;

/// <summary>Bounds the input of a chat completion.</summary>
internal sealed class OpenAIChatInput(InputBound bound, string provider)
{
    private static readonly FrozenSet<string> MessageFields = FrozenSet.Create(
        StringComparer.Ordinal, "role", "content", "name", "refusal", "tool_calls", "tool_call_id", "function_call", "audio");

    public void Add(JsonElement body)
    {
        if (body.Find("messages") is null)
        {
            throw new BadRequestException("'messages' is missing. Give the messages to answer.");
        }

        foreach (var message in body.FindArray("messages"))
        {
            AddMessage(message.RequireObject("messages[]"));
        }

        foreach (var tool in body.FindArray("tools"))
        {
            AddTool(tool.RequireObject("tools[]"));
        }

        // The older form of tools.
        foreach (var function in body.FindArray("functions"))
        {
            var declared = function.RequireObject("functions[]");
            bound.AddTool(declared.FindString("name") ?? "", declared.FindString("description"), declared.GetRawText());
        }

        if (body.Find("tool_choice") is { ValueKind: JsonValueKind.Object } choice)
        {
            bound.AddText(choice.GetRawText());
        }

        if (body.Find("response_format")?.RequireObject("response_format") is { } format)
        {
            bound.AddJson(format);
        }
    }

    private void AddMessage(JsonElement message)
    {
        bound.AddMessage(message.FindString("name"), message.FindString("role")).AddText(message.FindString("tool_call_id"));
        bound.AddText(message.FindString("refusal"));
        AddContent(message.Find("content"));
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
            OpenAIRequest.AddStored(bound, provider, "the audio of an earlier answer");
        }

        // Such as the reasoning that some compatible providers give and take back: whatever it is, it is no longer than its text.
        foreach (var field in message.EnumerateObject())
        {
            if (!MessageFields.Contains(field.Name))
            {
                bound.AddText(field.Value.GetRawText());
            }
        }
    }

    private void AddContent(JsonElement? content)
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
                    AddPart(part.RequireObject("content[]"));
                }

                return;
            default:
                throw new BadRequestException("'content' has to be a string or an array of parts.");
        }
    }

    private void AddPart(JsonElement part)
    {
        OpenAICache.Check(part, "prompt_cache_breakpoint");
        switch (part.FindString("type"))
        {
            case "text":
                bound.AddText(part.FindString("text"));
                break;
            case "refusal":
                bound.AddText(part.FindString("refusal"));
                break;
            case "image_url":
                AddImage(part.Find("image_url")?.RequireObject("image_url"));
                break;
            case "file":
                OpenAIRequest.AddStored(bound, provider, "a file");
                break;
            case "input_audio":
                OpenAIRequest.AddStored(bound, provider, "audio");
                break;
            default:
                bound.AddJson(part);
                break;
        }
    }

    private void AddImage(JsonElement? image) =>
        bound.AddImage(InlineImage.SizeAt(image?.FindString("url")), image?.FindString("detail"));

    private void AddTool(JsonElement tool)
    {
        switch (tool.FindString("type"))
        {
            case "function" when tool.Find("function") is { ValueKind: JsonValueKind.Object } function:
                bound.AddTool(function.FindString("name") ?? "", function.FindString("description"), function.GetRawText());
                break;
            default:
                bound.AddJson(tool);
                break;
        }
    }
}
