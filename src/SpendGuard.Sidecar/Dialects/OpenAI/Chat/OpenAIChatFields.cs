using SpendGuard.Sidecar.Dialects.Fields;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Chat;

/// <summary>The fields of a chat completion request.</summary>
internal static class OpenAIChatFields
{
    public static FieldTable Table { get; } = new(
        new("model", Bound, "It chooses the price."),
        new("messages", Bound, "They are input.", OpenAIChatMessageFields.Message),
        new("max_completion_tokens", Pinned, "It is what the budget pays for."),
        new("max_tokens", Pinned, "It is what the budget pays for, under the name that the model goes by."),
        new("n", Bound, "Each answer may use the whole cap."),
        new("stream", Free),
        new("stream_options", Pinned, "Usage has to be in the stream.", new FieldTable(
            new("include_usage", Pinned, "Usage has to be in the stream."),
            new("include_obfuscation", Free))),
        new("tools", Bound, "They are input.", OpenAIChatToolFields.Tool),
        new("tool_choice", Bound, "Functions named in it are input.", OpenAIChatToolFields.Choice),
        new("parallel_tool_calls", Free),
        new("functions", Bound, "They are input.", OpenAIChatToolFields.Function),
        new("function_call", Free, Of: new FieldTable(new FieldRule("name", Free))),
        new("response_format", Bound, "Its schema is input.", OpenAIChatToolFields.Format),
        new("service_tier", Pinned, "Left out, a project's setting may choose a dearer one."),
        new("usage", Free, "It asks for the cost to be told.", new FieldTable(new FieldRule("include", Free))),
        new("temperature", Free),
        new("top_p", Free),
        new("top_k", Free),
        new("min_p", Free),
        new("stop", Free),
        new("seed", Free),
        new("frequency_penalty", Free),
        new("presence_penalty", Free),
        new("repetition_penalty", Free),
        new("logit_bias", Free),
        new("logprobs", Free),
        new("top_logprobs", Free),
        new("reasoning_effort", Free, "Reasoning is within the output cap."),
        new("verbosity", Free),
        new("store", Free),
        new("store_messages", Free),
        new("use_encrypted_content", Free),
        new("include", Free),
        new("metadata", Free),
        new("user", Free),
        new("safety_identifier", Free),
        new("prompt_cache_key", Free, "Cache writes are in the worst case."),
        new("prompt_cache_retention", Free),
        new("prompt_cache_options", Bound, "Half an hour at most: what is kept for longer has no price.", OpenAICache.Options),
        new("audio", Bound, OpenAIAudio.Output, new FieldTable(
            new("format", Free),
            new("voice", Free, Of: new FieldTable(new FieldRule("id", Free))))),
        new("modalities", Bound, OpenAIAudio.Output),
        new("extra_body", Bound, "Google's own settings stand in it.", new FieldTable(
            new FieldRule("google", Bound, "Thinking is within the output cap.", new FieldTable(
                new("thinking_config", Free, "Thinking is within the output cap.", new FieldTable(
                    new("include_thoughts", Free),
                    new("thinking_budget", Free),
                    new("thinking_level", Free))),
                new("thought_tag_marker", Free),
                new("safety_settings", Free, Of: new FieldTable(
                    new("category", Free),
                    new("threshold", Free))),
                new("cached_content", Refused, "It may have tools of its own, and its storage has a fee."))))),
        new("prediction", Refused, "Rejected predictions are billed beyond the cap."),
        new("web_search_options", Refused, "A hosted search adds input and fees."),
        new("search_parameters", Refused, "A hosted search adds fees."),
        new("deferred", Refused, "The answer outlives the connection."),
        new("moderation", Refused, "A second model reads the call."),
        new("best_of", Refused, "Answers that are thrown away are billed."),
        new("agent_count", Refused, "Each agent makes calls of its own."),
        new("max_turns", Refused, "Each turn is a call of its own."),
        new("previous_response_id", Refused, "The stored conversation is input that cannot be seen here."),
        new("models", Refused, "Another model may serve the call."),
        new("plugins", Refused, "Hosted tools add input and fees."));
}
