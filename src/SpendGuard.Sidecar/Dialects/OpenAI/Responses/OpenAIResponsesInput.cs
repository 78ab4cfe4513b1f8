using System.Text;
using System.Text.Json;
using SpendGuard.Bounds;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Responses;

/// <summary>Bounds the input of a response.</summary>
internal sealed class OpenAIResponsesInput(InputBound bound, string provider)
{
    public void Add(JsonElement body)
    {
        if (body.Find("input") is not { } input)
        {
            throw new BadRequestException("'input' is missing. Give the input to answer.");
        }

        AddInput(input, "input");
        foreach (var name in (ReadOnlySpan<string>)["previous_response_id", "conversation"])
        {
            if (body.Find(name) is not null)
            {
                AddStored($"'{name}'");
            }
        }

        if (body.Find("instructions") is { } instructions)
        {
            AddInput(instructions, "instructions");
        }

        AddTools(body, "tools[]");
        if (body.Find("tool_choice") is { ValueKind: JsonValueKind.Object } choice)
        {
            bound.AddText(choice.GetRawText());
        }

        if (body.Find("text")?.RequireObject("text").Find("format") is { } format)
        {
            bound.AddJson(format);
        }
    }

    private void AddInput(JsonElement input, string name)
    {
        switch (input.ValueKind)
        {
            case JsonValueKind.String:
                bound.AddMessage().AddText(input.GetString());
                break;
            case JsonValueKind.Array:
                foreach (var item in input.EnumerateArray())
                {
                    bound.AddMessage(role: item.RequireObject($"{name}[]").FindString("role"));
                    AddItem(item);
                }

                break;
            default:
                throw new BadRequestException($"'{name}' has to be a string or an array of items.");
        }
    }

    private void AddItem(JsonElement item)
    {
        switch (KindOf(item))
        {
            case "message":
                AddContent(item, "content");
                break;
            case "function_call" or "custom_tool_call":
                AddCall(item);
                break;
            case "function_call_output" or "custom_tool_call_output":
                bound.AddText(item.FindString("call_id"));
                AddContent(item, "output");
                break;
            case "reasoning":
                AddReasoning(item);
                break;
            case "item_reference" or "compaction" or "file_search_call" or "web_search_call":
                AddStored($"an input item of type '{KindOf(item)}'");
                break;
            case "additional_tools" or "tool_search_output":
                bound.AddText(item.FindString("call_id"));
                AddTools(item, "input[].tools[]");
                break;
            default:
                bound.AddJson(item);
                break;
        }
    }

    /// <summary>An item that does not say what it is is a message if it has a role, and stands for another item otherwise.</summary>
    private static string KindOf(JsonElement item) => item.FindString("type") ?? (item.Find("role") is null ? "item_reference" : "message");

    private void AddCall(JsonElement item)
    {
        foreach (var name in (ReadOnlySpan<string>)["name", "namespace", "call_id", "arguments", "input"])
        {
            bound.AddText(item.FindString(name));
        }

        bound.AddText(item.Find("parsed_arguments")?.GetRawText());
    }

    private void AddContent(JsonElement item, string name)
    {
        switch (item.Find(name))
        {
            case null:
                return;
            case { ValueKind: JsonValueKind.String } text:
                bound.AddText(text.GetString());
                return;
            case { ValueKind: JsonValueKind.Array } parts:
                foreach (var part in parts.EnumerateArray())
                {
                    AddPart(part.RequireObject($"{name}[]"));
                }

                return;
            default:
                throw new BadRequestException($"'{name}' has to be a string or an array of parts.");
        }
    }

    private void AddPart(JsonElement part)
    {
        OpenAICache.Check(part, "prompt_cache_breakpoint");
        switch (part.FindString("type"))
        {
            case "input_text" or "output_text" or "text" or "summary_text" or "reasoning_text":
                bound.AddText(part.FindString("text"));
                break;
            case "refusal":
                bound.AddText(part.FindString("refusal"));
                break;
            case "input_image":
                bound.AddImage(part.Find("file_id") is null ? InlineImage.SizeAt(part.FindString("image_url")) : null, part.FindString("detail"));
                break;
            case "input_file":
                AddStored("a file");
                break;
            default:
                bound.AddJson(part);
                break;
        }

        if (part.Find("annotations") is { } annotations)
        {
            bound.AddText(annotations.GetRawText());
        }
    }

    private void AddStored(string name) => OpenAIRequest.AddStored(bound, provider, name);

    private void AddReasoning(JsonElement item)
    {
        AddContent(item, "summary");
        AddContent(item, "content");
        if (item.FindString("encrypted_content") is { Length: > 0 } hidden)
        {
            // What it hides cannot be counted. It is at least as long as that, in bytes.
            bound.Add(Encoding.UTF8.GetByteCount(hidden));
        }
        else if (item.Find("id") is not null)
        {
            // The provider looks up the reasoning that it has stored under the id.
            bound.AddUnseen("reasoning that is not given back");
        }
    }

    private void AddTools(JsonElement parent, string name)
    {
        foreach (var tool in parent.FindArray("tools"))
        {
            AddTool(tool.RequireObject(name));
        }
    }

    /// <summary>What the provider adds to the input for the tools of its own is not published.</summary>
    private void AddTool(JsonElement tool)
    {
        if (tool.FindString("type") is "shell" && tool.Find("environment") is null)
        {
            throw new BadRequestException("Tool 'shell' is refused: left out, its environment may be a container, which has a fee. Set 'environment' to {\"type\":\"local\"}.");
        }

        if (tool.FindString("type") is "local_shell" or "shell" or "apply_patch")
        {
            AddStored($"the tool '{tool.FindString("type")}'");
        }

        bound.AddTool(tool.FindString("name") ?? "", tool.FindString("description"), tool.GetRawText());
        if (tool.FindString("type") == "namespace")
        {
            AddTools(tool, "tools[].tools[]");
        }
    }
}
