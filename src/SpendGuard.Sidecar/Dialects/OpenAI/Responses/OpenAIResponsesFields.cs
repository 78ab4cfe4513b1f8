using SpendGuard.Sidecar.Dialects.Fields;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Responses;

/// <summary>The fields of a responses request.</summary>
internal static class OpenAIResponsesFields
{
    public static FieldTable Table { get; } = new(
        new("model", Bound, "It chooses the price."),
        new("input", Bound, "It is input.", OpenAIResponsesItemFields.Item),
        new("instructions", Bound, "They are input.", OpenAIResponsesItemFields.Item),
        new("max_output_tokens", Pinned, "It is what the budget pays for."),
        new("stream", Free),
        new("stream_options", Free, "Usage is in the last event in any case.", new FieldTable(
            new FieldRule("include_obfuscation", Free))),
        new("tools", Bound, "They are input.", OpenAIResponsesToolFields.Tool),
        new("tool_choice", Bound, "Functions named in it are input.", OpenAIResponsesToolFields.Choice),
        new("parallel_tool_calls", Free),
        new("max_tool_calls", Pinned, "Where the provider runs tools, it is what the budget pays for."),
        new("text", Bound, "Its schema is input.", new FieldTable(
            new("format", Bound, "Its schema is input.", OpenAIResponsesToolFields.Format),
            new("verbosity", Free))),
        new("reasoning", Bound, "Only the standard mode is one pass.", new FieldTable(
            new("effort", Free, "Reasoning is within the output cap."),
            new("summary", Free),
            new("generate_summary", Free),
            new("context", Free, "What is rendered again is in the input."),
            new("mode", Bound, "Only the standard mode is one pass."))),
        new("service_tier", Pinned, "Left out, a project's setting may choose a dearer one."),
        new("temperature", Free),
        new("top_p", Free),
        new("logprobs", Free),
        new("top_logprobs", Free),
        new("truncation", Free, "It only makes the input shorter."),
        new("include", Free),
        new("store", Free),
        new("metadata", Free),
        new("client_metadata", Free),
        new("user", Free),
        new("safety_identifier", Free),
        new("prompt_cache_key", Free, "Cache writes are in the worst case."),
        new("prompt_cache_retention", Free),
        new("prompt_cache_options", Bound, "Half an hour at most: what is kept for longer has no price.", OpenAICache.Options),
        new("background", Refused, "The answer outlives the connection."),
        new("previous_response_id", Bound, "The model's maximum input is held for it at OpenAI; refused elsewhere."),
        new("conversation", Bound, "The model's maximum input is held for it at OpenAI; refused elsewhere.", new FieldTable(
            new FieldRule("id", Bound, "The model's maximum input is held for it."))),
        new("prompt", Refused, "The stored prompt may have tools of its own."),
        new("context_management", Refused, "Compaction is a call of its own."),
        new("multi_agent", Refused, "Each agent makes calls of its own."),
        new("agent_count", Refused, "Each agent makes calls of its own."),
        new("max_turns", Refused, "Each turn is a call of its own."),
        new("moderation", Refused, "A second model reads the call."),
        new("search_parameters", Refused, "A hosted search adds fees."),
        new("models", Refused, "Another model may serve the call."),
        new("plugins", Refused, "Hosted tools add input and fees."),
        new("mcp_servers", Refused, "Hosted tools add input and fees."));
}
