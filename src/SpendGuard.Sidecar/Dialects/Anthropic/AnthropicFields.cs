using SpendGuard.Sidecar.Dialects.Fields;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>The fields of an Anthropic messages request.</summary>
internal static class AnthropicFields
{
    private static FieldTable Format { get; } = new(
        new("type", Free),
        new("schema", Bound, "It is input."));

    public static FieldTable Table { get; } = new(
        new("model", Bound, "It chooses the price."),
        new("messages", Bound, "They are input.", new FieldTable(
            new("role", Free),
            new("content", Bound, "It is input.", AnthropicBlockFields.Block),
            new("clear_at", Free, "It only makes the input shorter."),
            new("output_config", Free, Of: new FieldTable(
                new FieldRule("effort", Free, "Thinking is within the output cap."))))),
        new("system", Bound, "It is input.", AnthropicBlockFields.Block),
        new("max_tokens", Pinned, "It is what the budget pays for."),
        new("tools", Bound, "They are input.", AnthropicToolFields.Tool),
        new("tool_choice", Free, Of: new FieldTable(
            new("type", Free),
            new("name", Free),
            new("disable_parallel_tool_use", Free))),
        new("output_config", Bound, "Its schema is input.", new FieldTable(
            new("effort", Free, "Thinking is within the output cap."),
            new("format", Bound, "Its schema is input.", Format),
            new("task_budget", Free, "It only tells the model how much is left.", new FieldTable(
                new("type", Free),
                new("total", Free),
                new("remaining", Free))))),
        new("output_format", Bound, "Its schema is input.", Format),
        new("cache_control", Bound, "Caching for an hour costs more to write.", AnthropicCache.Mark),
        new("service_tier", Pinned, "Left out, priority capacity may be used."),
        new("inference_geo", Pinned, "Left out, a workspace's setting may choose a dearer one."),
        new("speed", Bound, "Only the standard speed is priced."),
        new("thinking", Free, "Thinking is within the output cap.", new FieldTable(
            new("type", Free),
            new("budget_tokens", Free),
            new("display", Free),
            new("block_binding", Free, Of: new FieldTable(
                new FieldRule("prefix_mismatch_behavior", Free, "It only makes the input shorter."))))),
        new("stream", Free),
        new("stop_sequences", Free),
        new("temperature", Free),
        new("top_k", Free),
        new("top_p", Free),
        new("metadata", Free, Of: new FieldTable(
            new FieldRule("user_id", Free))),
        new("diagnostics", Free, Of: new FieldTable(
            new FieldRule("previous_message_id", Free))),
        new("fallback_credit_token", Free, "It only lowers the bill.", new FieldTable(
            new("token", Free),
            new("mode", Free))),
        new("fallbacks", Refused, "Another model may answer at other prices."),
        new("context_management", Bound, "Edits that clear only make the input shorter; compaction is refused.", AnthropicContextEdits.Management),
        new("compaction", Refused, "What a compaction may write is not bounded by the output cap."),
        new("thread", Refused, "The stored conversation is input that cannot be seen here."),
        new("mcp_servers", Refused, "The provider calls them as often as the model likes."),
        new("container", Refused, "Code execution adds input and fees."),
        new("billing_policy", Refused, "Another account would be billed."));
}
