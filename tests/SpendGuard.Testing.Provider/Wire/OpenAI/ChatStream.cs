using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;

namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>The chunks of a streamed chat completion.</summary>
internal static class ChatStream
{
    public static IEnumerable<StreamEvent> Events(Generation generation, string finishReason, Vendor vendor)
    {
        var pieces = generation.Request.Choices * generation.TextPieces.Count;
        var sent = 0;
        var usage = generation.Request.IncludeUsage ? OpenAIUsage.Chat(generation, vendor) : null;
        var place = usage is null || (generation.UsagePlace == UsagePlace.WithinTheChoice && generation.Request.Choices > 1)
            ? UsagePlace.Alone
            : generation.UsagePlace;
        for (var choice = 0; choice < generation.Request.Choices; choice++)
        {
            yield return Chunk(choice, new() { ["role"] = "assistant", ["content"] = "", ["refusal"] = null });
            foreach (var piece in generation.TextPieces)
            {
                yield return Chunk(choice, new() { ["content"] = piece }, isContent: true);
            }

            for (var index = 0; index < generation.ToolCalls.Count; index++)
            {
                var call = generation.ToolCalls[index];
                var opening = ToolCall(generation, call with { ArgumentsJson = "" }, index);
                opening["index"] = index;
                yield return Chunk(choice, new() { ["tool_calls"] = new JsonArray(opening) });
                var arguments = new JsonObject { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = call.ArgumentsJson } };
                yield return Chunk(choice, new() { ["tool_calls"] = new JsonArray(arguments) }, isContent: true);
            }

            yield return Chunk(choice, [], finish: finishReason, isLast: choice == generation.Request.Choices - 1);
        }

        if (usage is not null && place is UsagePlace.Alone or UsagePlace.BeforeAnEmptyChunk)
        {
            yield return Alone();
        }

        if (place is UsagePlace.WithAnEmptyChoice or UsagePlace.BeforeAnEmptyChunk)
        {
            var empty = Envelope(generation, "chat.completion.chunk", new(new JsonObject { ["index"] = 0, ["delta"] = new JsonObject(), ["finish_reason"] = null }));
            if (place == UsagePlace.WithAnEmptyChoice)
            {
                empty["usage"] = usage!.DeepClone();
            }

            yield return new(null, empty.ToJsonString());
        }

        yield return new(null, "[DONE]");
        if (place == UsagePlace.AfterTheEnd)
        {
            yield return Alone();
        }

        StreamEvent Alone()
        {
            var last = Envelope(generation, "chat.completion.chunk", []);
            last["usage"] = usage!.DeepClone();
            return new(null, last.ToJsonString());
        }

        StreamEvent Chunk(int choice, JsonObject delta, bool isContent = false, string? finish = null, bool isLast = false)
        {
            var json = new JsonObject { ["index"] = choice, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finish };
            var chunk = Envelope(generation, "chat.completion.chunk", new(json));
            sent += isContent ? 1 : 0;
            if (generation.Quirks.HasFlag(UsageQuirks.Running) && generation.Reported is { } reported)
            {
                chunk["usage"] = OpenAIUsage.Chat(generation, reported.UpTo(sent, pieces + 1), vendor);
            }
            else if (generation.Request.IncludeUsage)
            {
                chunk["usage"] = null;
            }

            switch (place)
            {
                case UsagePlace.WithTheFinish when isLast:
                    chunk["usage"] = usage!.DeepClone();
                    break;
                case UsagePlace.WithinTheChoice when isLast:
                    json["usage"] = usage!.DeepClone();
                    break;
                case UsagePlace.InAnObjectOfItsOwn when isLast:
                    chunk["x_groq"] = new JsonObject { ["id"] = "req", ["usage"] = usage!.DeepClone() };
                    break;
            }

            return new(null, chunk.ToJsonString(), isContent);
        }
    }

    public static JsonObject Envelope(Generation generation, string type, JsonArray choices) => new()
    {
        ["id"] = $"chatcmpl-{generation.Request.CallId}",
        ["object"] = type,
        ["created"] = Generation.CreatedAt,
        ["model"] = generation.Model,
        ["service_tier"] = generation.Tiers is [var tier] ? tier : "default",
        ["system_fingerprint"] = "fp_simulated",
        ["choices"] = choices,
    };

    public static JsonObject ToolCall(Generation generation, SimulatedToolCall call, int index) => new()
    {
        ["id"] = generation.ToolCallId(index),
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.ArgumentsJson },
    };
}
