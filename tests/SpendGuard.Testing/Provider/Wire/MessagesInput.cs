using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Wire;

/// <summary>
/// Counts the input of an Anthropic request in the order in which it is cached: tools, system, messages.
/// What lies before a cache_control mark, back to the mark before it, is written at that mark's price.
/// </summary>
internal sealed class MessagesInput
{
    private const long PerMessage = 3;
    private const long PerTool = 8;
    private const long Image = 1_600;

    // With any tool at all, the provider puts a prompt of its own before the conversation, and bills it.
    private const long ToolPrompt = 346;

    private long _tokens = 3;
    private long _marked;
    private long _write;
    private long _writeOneHour;

    public static InputCount Count(JsonObject body)
    {
        var count = new MessagesInput();
        count.AddAll(body);
        return new(count._tokens, count._write, count._writeOneHour);
    }

    private void AddAll(JsonObject body)
    {
        var tools = body["tools"].Objects().ToList();
        _tokens += tools.Count > 0 ? ToolPrompt : 0;
        foreach (var tool in tools)
        {
            _tokens += PerTool + TokenCounter.CountJson(Unmarked(tool));
            Mark(tool);
        }

        AddContent(body["system"]);
        foreach (var message in body["messages"].Objects())
        {
            _tokens += PerMessage + TokenCounter.Count(message["role"].Text());
            AddContent(message["content"]);
        }

        Mark(body);
    }

    private void AddContent(JsonNode? content)
    {
        _tokens += TokenCounter.Count(content.Text());
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
                _tokens += PerMessage + TokenCounter.Count(block["name"].Text()) + TokenCounter.CountJson(block["input"]);
                break;
            case "tool_result":
                _tokens += PerMessage;
                AddContent(block["content"]);
                break;
            case "image":
                _tokens += Image;
                break;
            default:
                _tokens += TokenCounter.Count(block["text"].Text()) + TokenCounter.Count(block["thinking"].Text());
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
