using static SpendGuard.Sidecar.Dialects.FieldKind;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>The fields of an Anthropic messages request.</summary>
internal static class AnthropicFields
{
    public static FieldTable Table { get; } = new(
    [
        new("model", Bound, "It chooses the price."),
        new("messages", Bound, "Text by its bytes, images at their dearest; what cannot be seen here is refused."),
        new("system", Bound, "It is input."),
        new("max_tokens", Pinned, "It is what the budget pays for."),
        new("tools", Bound, "Functions are input; hosted tools are refused."),
        new("tool_choice", Free),
        new("output_config", Bound, "Its schema is input."),
        new("output_format", Bound, "Its schema is input."),
        new("cache_control", Bound, "Caching for an hour costs more to write."),
        new("service_tier", Pinned, "Left out, priority capacity may be used."),
        new("inference_geo", Pinned, "Left out, a workspace's setting may choose a dearer one."),
        new("speed", Bound, "Only the standard speed is priced."),
        new("thinking", Free, "Thinking is within the output cap."),
        new("stream", Free),
        new("stop_sequences", Free),
        new("temperature", Free),
        new("top_k", Free),
        new("top_p", Free),
        new("metadata", Free),
        new("fallbacks", Refused, "Another model may answer at other prices."),
        new("context_management", Refused, "Compaction takes iterations of its own."),
        new("thread", Refused, "The stored conversation is input that cannot be seen here."),
        new("mcp_servers", Refused, "The provider calls them as often as the model likes."),
        new("container", Refused, "Code execution adds input and fees."),
    ]);
}
