using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;

namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>The events of a streamed response, numbered in order.</summary>
internal sealed class ResponsesStream(Generation generation, JsonObject? usage)
{
    private int _sequence;
    private int _outputIndex;

    public IEnumerable<StreamEvent> Events()
    {
        yield return Next("response.created", new() { ["response"] = ResponsesJson.Response(generation, "in_progress", null) });
        yield return Next("response.in_progress", new() { ["response"] = ResponsesJson.Response(generation, "in_progress", null) });
        if (generation.Thoughts is not null)
        {
            yield return Next("response.output_item.added", Item(ResponsesJson.Reasoning(generation)));
            yield return Next("response.output_item.done", Item(ResponsesJson.Reasoning(generation)));
            _outputIndex++;
        }

        if (generation.TextPieces.Count > 0)
        {
            foreach (var next in TextEvents())
            {
                yield return next;
            }

            _outputIndex++;
        }

        for (var index = 0; index < generation.ToolCalls.Count; index++)
        {
            foreach (var next in CallEvents(index))
            {
                yield return next;
            }

            _outputIndex++;
        }

        var status = ResponsesJson.FinalStatus(generation);
        yield return Next("response." + status, new() { ["response"] = ResponsesJson.Response(generation, status, usage) });
    }

    private IEnumerable<StreamEvent> TextEvents()
    {
        var itemId = $"msg_{generation.Request.CallId}";
        yield return Next("response.output_item.added", Item(ResponsesJson.Message(generation, "in_progress", [])));
        yield return Next("response.content_part.added", InPart(new() { ["part"] = ResponsesJson.TextPart("") }));
        foreach (var piece in generation.TextPieces)
        {
            var delta = new JsonObject { ["delta"] = piece, ["logprobs"] = new JsonArray() };
            yield return Next("response.output_text.delta", InPart(delta), isContent: true);
        }

        yield return Next("response.output_text.done", InPart(new() { ["text"] = generation.Text, ["logprobs"] = new JsonArray() }));
        yield return Next("response.content_part.done", InPart(new() { ["part"] = ResponsesJson.TextPart(generation.Text) }));
        var whole = ResponsesJson.Message(generation, ResponsesJson.FinalStatus(generation), new(ResponsesJson.TextPart(generation.Text)));
        yield return Next("response.output_item.done", Item(whole));

        JsonObject InPart(JsonObject json)
        {
            json["item_id"] = itemId;
            json["output_index"] = _outputIndex;
            json["content_index"] = 0;
            return json;
        }
    }

    private IEnumerable<StreamEvent> CallEvents(int index)
    {
        var call = generation.ToolCalls[index];
        var (events, whole) = call.TakesText
            ? ("response.custom_tool_call_input", "input")
            : ("response.function_call_arguments", "arguments");
        yield return Next("response.output_item.added", Item(ResponsesJson.ToolCall(generation, index, "in_progress", "")));
        yield return Next(events + ".delta", InCall("delta"), isContent: true);
        yield return Next(events + ".done", InCall(whole));
        yield return Next("response.output_item.done", Item(ResponsesJson.ToolCall(generation, index, "completed", call.ArgumentsJson)));

        JsonObject InCall(string name) => new()
        {
            ["item_id"] = ResponsesJson.ToolCallItemId(generation, index),
            ["output_index"] = _outputIndex,
            [name] = call.ArgumentsJson,
        };
    }

    private JsonObject Item(JsonObject item) => new() { ["output_index"] = _outputIndex, ["item"] = item };

    private StreamEvent Next(string type, JsonObject json, bool isContent = false)
    {
        json.Insert(0, "type", type);
        json["sequence_number"] = _sequence++;
        return new(type, json.ToJsonString(), isContent);
    }
}
