using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;

namespace SpendGuard.Testing.Provider.Wire.Anthropic;

/// <summary>The events of a streamed Anthropic message.</summary>
internal static class MessagesStream
{
    public static IEnumerable<StreamEvent> Events(Generation generation)
    {
        var start = MessagesJson.Message(generation, [], null);
        if (generation.Reported is { } atStart)
        {
            // The first figure for the output is a placeholder, whatever comes of it.
            start["usage"] = MessagesJson.Usage(generation, AtStart(generation, atStart), Math.Min(1, atStart.OutputTokens));
        }

        yield return Event("message_start", new() { ["message"] = start });
        yield return Event("ping", []);
        foreach (var next in Blocks(generation))
        {
            yield return next;
        }

        var delta = new JsonObject
        {
            ["delta"] = new JsonObject { ["stop_reason"] = MessagesJson.StopReason(generation), ["stop_sequence"] = null },
        };
        if (generation.Reported is { } usage)
        {
            var cumulative = MessagesJson.Usage(generation, usage, usage.OutputTokens);
            foreach (var atStartOnly in (ReadOnlySpan<string>)["cache_creation", "service_tier", "speed", "inference_geo"])
            {
                cumulative.Remove(atStartOnly);
            }

            delta["usage"] = cumulative;
        }

        yield return Event("message_delta", delta);
        yield return Event("message_stop", []);
    }

    // What hosted tools bring in comes later.
    private static SimulatedUsage AtStart(Generation generation, SimulatedUsage usage) => generation.Quirks.HasFlag(UsageQuirks.Running)
        ? usage with { InputTokens = usage.InputTokens - (usage.PlainInputTokens / 2), Searches = 0 }
        : usage;

    private static IEnumerable<StreamEvent> Blocks(Generation generation)
    {
        var block = 0;
        if (generation.Thoughts is not null && MessagesConversation.WantsThoughts(generation.Request.Body))
        {
            yield return Start(block, MessagesJson.Thinking("", ""));
            if (MessagesJson.ShownThoughts(generation) is { Length: > 0 } shown)
            {
                yield return Delta(block, new() { ["type"] = "thinking_delta", ["thinking"] = shown });
            }

            yield return Delta(block, new() { ["type"] = "signature_delta", ["signature"] = generation.Seal });
            yield return Stop(block++);
        }

        if (generation.TextPieces.Count > 0)
        {
            yield return Start(block, MessagesJson.TextBlock(""));
            foreach (var piece in generation.TextPieces)
            {
                yield return Delta(block, new() { ["type"] = "text_delta", ["text"] = piece });
            }

            yield return Stop(block++);
        }

        for (var index = 0; index < generation.ToolCalls.Count; index++)
        {
            yield return Start(block, MessagesJson.ToolUse(generation, index, new JsonObject()));
            var arguments = generation.ToolCalls[index].ArgumentsJson;
            yield return Delta(block, new() { ["type"] = "input_json_delta", ["partial_json"] = arguments });
            yield return Stop(block++);
        }
    }

    private static StreamEvent Start(int index, JsonObject block) =>
        Event("content_block_start", new() { ["index"] = index, ["content_block"] = block });

    private static StreamEvent Delta(int index, JsonObject delta) =>
        Event("content_block_delta", new() { ["index"] = index, ["delta"] = delta }, isContent: true);

    private static StreamEvent Stop(int index) => Event("content_block_stop", new() { ["index"] = index });

    private static StreamEvent Event(string type, JsonObject json, bool isContent = false)
    {
        json.Insert(0, "type", type);
        return new(type, json.ToJsonString(), isContent);
    }
}
