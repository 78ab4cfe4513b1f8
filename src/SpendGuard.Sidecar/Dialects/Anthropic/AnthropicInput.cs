using System.Text.Json;
using SpendGuard.Bounds;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>Bounds the input of an Anthropic message.</summary>
internal static class AnthropicInput
{
    /// <summary>The schema of a tool that the model was trained on is Anthropic's own; the largest published is below this.</summary>
    private const int TrainedTool = 2_048;

    /// <summary>Tools of which Anthropic has the schema and the client does the work.</summary>
    private static readonly string[] TrainedTools = ["bash_", "computer_", "memory_", "text_editor_"];

    public static void Add(InputBound bound, JsonElement body)
    {
        if (body.Find("messages") is null)
        {
            throw new BadRequestException("'messages' is missing. Give the messages to answer.");
        }

        bound.AddMessage();
        AddContent(bound, body.Find("system"), "system");
        foreach (var message in body.FindArray("messages"))
        {
            bound.AddMessage(role: message.RequireObject("messages[]").FindString("role"));
            AddContent(bound, message.Find("content"), "content");
        }

        bound.Add(AnthropicContextEdits.Placeholders(body));
        foreach (var tool in body.FindArray("tools"))
        {
            AddTool(bound, tool.RequireObject("tools[]"));
        }

        foreach (var tool in AnthropicToolReferences.Again(body))
        {
            AddTool(bound, tool);
        }

        // The schema of the answer is put to the model much like that of a tool.
        foreach (var name in (ReadOnlySpan<string>)["output_config", "output_format"])
        {
            if (body.Find(name) is { } schema)
            {
                bound.AddJson(schema);
            }
        }
    }

    private static void AddContent(InputBound bound, JsonElement? content, string name)
    {
        switch (content)
        {
            case null:
                return;
            case { ValueKind: JsonValueKind.String }:
                bound.AddText(content.Value.Text(name));
                return;
            case { ValueKind: JsonValueKind.Array } blocks:
                foreach (var block in blocks.EnumerateArray())
                {
                    AddBlock(bound.AddMessage(), block.RequireObject($"{name}[]"));
                }

                return;
            default:
                throw new BadRequestException($"'{name}' has to be a string or an array of blocks.");
        }
    }

    private static void AddBlock(InputBound bound, JsonElement block)
    {
        switch (block.FindString("type"))
        {
            case "text":
                bound.AddText(block.FindString("text")).AddText(block.Find("citations")?.GetRawText());
                break;
            case "image":
                bound.AddImage();
                break;
            case "thinking":
                // The signature holds the whole of what the text may only sum up.
                bound.AddText(block.FindString("thinking")).AddText(block.FindString("signature"));
                break;
            case "redacted_thinking":
                bound.AddText(block.FindString("data"));
                break;
            case "tool_use":
                bound.AddText(block.FindString("toolset_name"));
                bound.AddTool(block.FindString("name") ?? "", block.FindString("id"), block.Find("input")?.GetRawText() ?? "");
                break;
            case "tool_result":
                bound.AddText(block.FindString("tool_use_id")).AddText(block.FindString("toolset_name"));
                AddContent(bound, block.Find("content"), "content");
                break;
            case "document":
                AddDocument(bound, block);
                break;
            case "search_result":
                AddCitations(bound, block);
                bound.AddText(block.FindString("source")).AddText(block.FindString("title"));
                AddContent(bound, block.Find("content"), "content");
                break;
            case "web_search_tool_result":
                // Its text is encrypted, and may have been compressed before.
                bound.AddUnseen("the result of an earlier search");
                break;
            case "tool_addition" when block.Find("tool")?.Find("definition") is { } defined:
                AddTool(bound, defined.RequireObject("definition"));
                break;
            default:
                bound.AddJson(block);
                break;
        }
    }

    private static void AddDocument(InputBound bound, JsonElement block)
    {
        AddCitations(bound, block);
        bound.AddText(block.FindString("title")).AddText(block.FindString("context"));
        switch (SourceType(block))
        {
            case "text":
                bound.AddText(block.Find("source")!.Value.FindString("data"));
                break;
            case "content":
                AddContent(bound, block.Find("source")!.Value.Find("content"), "content");
                break;
            default:
                bound.AddUnseen("a document that is not text");
                break;
        }
    }

    private static string? SourceType(JsonElement block) =>
        (block.Find("source") ?? throw new BadRequestException("'source' is missing from a block.")).RequireObject("source").FindString("type");

    /// <summary>To be cited, a text is cut into pieces that are numbered, and no bound on that is published.</summary>
    private static void AddCitations(InputBound bound, JsonElement block)
    {
        if (block.Find("citations")?.RequireObject("citations").FindBoolean("enabled") == true)
        {
            bound.AddUnseen("'citations'");
        }
    }

    private static void AddTool(InputBound bound, JsonElement tool)
    {
        switch (tool.FindString("type"))
        {
            case null or "custom":
                bound.AddTool(tool.FindString("name") ?? "", tool.FindString("description"), tool.GetRawText());
                break;
            case "browser_toolset_20260801" or "computer_toolset_20260801":
                bound.AddUnseen($"the tool '{tool.FindString("type")}'").AddJson(tool);
                break;
            case var type when TrainedTools.Any(known => type.StartsWith(known, StringComparison.Ordinal)):
                bound.AddTool(type, description: null, tool.GetRawText()).Add(TrainedTool);
                break;
            default:
                bound.AddJson(tool);
                break;
        }
    }
}
