using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider.Wire.Anthropic;

/// <summary>
/// Counts the input of an Anthropic request in the order in which it is cached: tools, system, messages.
/// What lies before a cache_control mark, back to the mark before it, is written at that mark's price.
/// </summary>
internal sealed class MessagesInput(CountingRules rules)
{
    private const long PerMessage = 3;
    private const long PerTool = 8;
    private const long Image = 1_600;

    // What stands for the cleared result of a tool.
    private const long Placeholder = 32;

    private long _tokens = 3;
    private long _marked;
    private long _write;
    private long _writeOneHour;
    private bool _clears;

    public static InputCount Count(JsonObject body, CountingRules rules)
    {
        var count = new MessagesInput(rules);
        count.AddAll(body);
        return new(count._tokens, count._write, count._writeOneHour);
    }

    private void AddAll(JsonObject body)
    {
        _clears = (body["context_management"] as JsonObject)?["edits"].Objects().Any() == true;
        var tools = body["tools"].Objects().ToList();
        _tokens += tools.Count > 0 ? rules.ToolPrompt : 0;
        foreach (var tool in tools)
        {
            _tokens += PerTool + rules.Json(Unmarked(tool)) + (tool["type"].Text() is null or "custom" ? 0 : rules.TrainedTool);
            Mark(tool);
        }

        AddContent(body["system"]);
        foreach (var message in body["messages"].Objects())
        {
            _tokens += PerMessage + rules.Text(message["role"].Text());
            AddContent(message["content"]);
        }

        Mark(body);
    }

    private void AddContent(JsonNode? content)
    {
        _tokens += rules.Text(content.Text());
        foreach (var block in content.Objects())
        {
            AddBlock(block);
            Mark(block);
        }
    }

    private void AddBlock(JsonObject block)
    {
        switch (block["type"].Text())
        {
            case "tool_use":
                _tokens += PerMessage + (_clears ? Placeholder : 0) + rules.Text(block["name"].Text()) + rules.Json(block["input"]);
                break;
            case "tool_result":
                _tokens += PerMessage + (_clears ? Placeholder : 0);
                AddContent(block["content"]);
                break;
            case "image":
                _tokens += rules.Image ?? Image;
                break;
            case "document" when block["source"] is JsonObject source:
                _tokens += PerMessage + rules.Text(block["title"].Text()) + rules.Text(block["context"].Text()) + rules.Text(source["data"].Text());
                break;
            default:
                _tokens += rules.Text(block["text"].Text()) + rules.Text(block["thinking"].Text());
                break;
        }
    }

    private void Mark(JsonObject block)
    {
        if (block["cache_control"] is not JsonObject mark)
        {
            return;
        }

        if (mark["ttl"].Text() == "1h")
        {
            _writeOneHour += _tokens - _marked;
        }
        else
        {
            _write += _tokens - _marked;
        }

        _marked = _tokens;
    }

    private static JsonObject Unmarked(JsonObject tool)
    {
        var copy = tool.DeepClone().AsObject();
        copy.Remove("cache_control");
        return copy;
    }
}
