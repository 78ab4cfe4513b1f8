using System.Text;
using System.Text.Json;
using SpendGuard.Metering;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>Bounds the input of a response.</summary>
internal static class OpenAIResponsesInput
{
    /// <summary>More than any model takes in: with it, the bound is the model's maximum input.</summary>
    private const long WholeContext = 1L << 40;

    public static void Add(InputBound bound, JsonElement body)
    {
        if (body.Find("input") is not { } input)
        {
            throw new BadRequestException("'input' is missing. Give the input to answer.");
        }

        AddInput(bound, input, "input");
        if (body.Find("instructions") is { } instructions)
        {
            AddInput(bound, instructions, "instructions");
        }

        foreach (var tool in body.FindArray("tools"))
        {
            AddTool(bound, tool.RequireObject("tools[]"));
        }

        if (body.Find("tool_choice") is { ValueKind: JsonValueKind.Object } choice)
        {
            bound.AddText(choice.GetRawText());
        }

        if (body.Find("text")?.RequireObject("text").Find("format") is { } format)
        {
            bound.AddJson(format);
        }
    }

    private static void AddInput(InputBound bound, JsonElement input, string name)
    {
        switch (input.ValueKind)
        {
            case JsonValueKind.String:
                bound.AddMessage().AddText(input.GetString());
                break;
            case JsonValueKind.Array:
                foreach (var item in input.EnumerateArray())
                {
                    AddItem(bound.AddMessage(), item.RequireObject($"{name}[]"));
                }

                break;
            default:
                throw new BadRequestException($"'{name}' has to be a string or an array of items.");
        }
    }

    private static void AddItem(InputBound bound, JsonElement item)
    {
        switch (OpenAIResponsesItemFields.Item.KindOf(item))
        {
            case "message":
                AddContent(bound, item, "content");
                break;
            case "function_call" or "custom_tool_call":
                AddCall(bound, item);
                break;
            case "function_call_output" or "custom_tool_call_output":
                bound.AddText(item.FindString("call_id"));
                AddContent(bound, item, "output");
                break;
            case "reasoning":
                AddReasoning(bound, item);
                break;
            default:
                bound.AddJson(item);
                break;
        }
    }

    private static void AddCall(InputBound bound, JsonElement item)
    {
        foreach (var name in (ReadOnlySpan<string>)["name", "namespace", "call_id", "arguments", "input"])
        {
            bound.AddText(item.FindString(name));
        }

        bound.AddText(item.Find("parsed_arguments")?.GetRawText());
    }

    private static void AddContent(InputBound bound, JsonElement item, string name)
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
                    AddPart(bound, part.RequireObject($"{name}[]"));
                }

                return;
            default:
                throw new BadRequestException($"'{name}' has to be a string or an array of parts.");
        }
    }

    private static void AddPart(InputBound bound, JsonElement part)
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
                bound.AddImage();
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

    private static void AddReasoning(InputBound bound, JsonElement item)
    {
        AddContent(bound, item, "summary");
        AddContent(bound, item, "content");
        if (item.FindString("encrypted_content") is { } hidden)
        {
            // What it hides cannot be counted. It is at least as long as that, in bytes.
            bound.Add(Encoding.UTF8.GetByteCount(hidden));
        }
        else if (item.Find("id") is not null)
        {
            // The provider looks up the reasoning that it has stored under the id.
            bound.Add(WholeContext);
        }
    }

    private static void AddTool(InputBound bound, JsonElement tool)
    {
        bound.AddTool(tool.FindString("name") ?? "", tool.FindString("description"), tool.GetRawText());
        if (tool.FindString("type") == "namespace")
        {
            foreach (var inner in tool.FindArray("tools"))
            {
                AddTool(bound, inner.RequireObject("tools[].tools[]"));
            }
        }
    }
}
