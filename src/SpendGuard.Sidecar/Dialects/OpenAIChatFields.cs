using static SpendGuard.Sidecar.Dialects.FieldKind;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>The fields of a chat completion request.</summary>
internal static class OpenAIChatFields
{
    public static FieldTable Table { get; } = new(
    [
        new("model", Bound),
        new("messages", Bound),
        new("max_completion_tokens", Pinned),
        new("max_tokens", Pinned),
        new("n", Bound),
        new("stream", Free),
        new("stream_options", Pinned, "Usage has to be in the stream."),
        new("tools", Bound),
        new("tool_choice", Bound),
        new("parallel_tool_calls", Free),
        new("functions", Bound),
        new("function_call", Free),
        new("response_format", Bound),
        new("service_tier", Pinned, "Left out, a project's setting may choose a dearer one."),
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
        new("metadata", Free),
        new("user", Free),
        new("safety_identifier", Free),
        new("prompt_cache_key", Free, "Cache writes are in the worst case."),
        new("prompt_cache_retention", Free),
        new("prompt_cache_options", Bound),
        new("audio", Refused, "Audio output is not priced."),
        new("modalities", Bound),
        new("prediction", Refused, "Rejected predictions are billed beyond the cap."),
        new("web_search_options", Refused, "A hosted search adds input and fees."),
        new("search_parameters", Refused, "A hosted search adds fees."),
        new("deferred", Refused, "The answer outlives the connection."),
        new("moderation", Refused, "A second model reads the call."),
        new("best_of", Refused, "Answers that are thrown away are billed."),
        new("agent_count", Refused, "Each agent makes calls of its own."),
        new("models", Refused, "Another model may serve the call."),
        new("plugins", Refused, "Hosted tools add input and fees."),
    ]);
}
