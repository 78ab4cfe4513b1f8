using SpendGuard.Sidecar.Dialects.Fields;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Chat;

/// <summary>The fields of a chat completion's messages, whatever their role.</summary>
internal static class OpenAIChatMessageFields
{
    private const string Text = "It is input.";

    private static FieldTable Call { get; } = new(
        new("name", Bound, Text),
        new("arguments", Bound, Text),
        new("parsed_arguments", Bound, "Clients add it to what they give back; it is counted as input."));

    private static FieldRule CacheBreakpoint { get; } = new("prompt_cache_breakpoint", Bound, "What is kept for longer than half an hour has no price.", OpenAICache.Breakpoint);

    public static FieldKinds Part { get; } = new(
        "type",
        new("text", Bound, Text, new FieldTable(
            new("type", Free),
            new("text", Bound, Text),
            CacheBreakpoint)),
        new("refusal", Bound, Text, new FieldTable(
            new("type", Free),
            new("refusal", Bound, Text))),
        new("image_url", Bound, "At most what the model counts for an image of any size.", new FieldTable(
            new("type", Free),
            new("image_url", Bound, "At most what the model counts for an image of any size.", new FieldTable(
                new("url", Bound, "At most what the model counts for an image of any size."),
                new("detail", Bound, "It chooses the bound."))),
            CacheBreakpoint)),
        new("input_audio", Bound, OpenAIAudio.Input, new FieldTable(
            new("type", Free),
            new("input_audio", Bound, OpenAIAudio.Input, new FieldTable(
                new("data", Bound, OpenAIAudio.Input),
                new("format", Free))),
            CacheBreakpoint)),
        new("file", Bound, "The model's maximum input is held for it at OpenAI; refused elsewhere.", new FieldTable(
            new("type", Free),
            new("file", Bound, "The model's maximum input is held for it at OpenAI; refused elsewhere.", new FieldTable(
                new("file_data", Bound, "The model's maximum input is held for it at OpenAI; refused elsewhere."),
                new("file_id", Bound, "The model's maximum input is held for it at OpenAI; refused elsewhere."),
                new("filename", Free))),
            CacheBreakpoint)));

    public static FieldTable ToolCall { get; } = new(
        new("id", Bound, Text),
        new("index", Free),
        new("type", Free),
        new("status", Free),
        new("error_message", Bound, Text),
        new("extra_content", Bound, "Google takes back what it gave; it is counted as input."),
        new("function", Bound, Text, Call),
        new("custom", Bound, Text, new FieldTable(
            new("name", Bound, Text),
            new("input", Bound, Text))));

    public static FieldTable Message { get; } = new(
        new("role", Free),
        new("content", Bound, Text, Part),
        new("name", Bound, Text),
        new("refusal", Bound, Text),
        new("tool_call_id", Bound, Text),
        new("tool_calls", Bound, Text, ToolCall),
        new("function_call", Bound, Text, Call),
        new("audio", Bound, OpenAIAudio.Input, new FieldTable(new FieldRule("id", Bound, OpenAIAudio.Input))),
        new("citations", Bound, "Clients give it back with an answer; it is counted as input."),
        new("annotations", Bound, "Clients give it back with an answer; it is counted as input."),
        new("parsed", Bound, "Clients give it back with an answer; it is counted as input."),
        new("reasoning", Bound, "Some providers take back what they gave; it is counted as input."),
        new("reasoning_content", Bound, "Some providers take back what they gave; it is counted as input."),
        new("reasoning_details", Bound, "Some providers take back what they gave; it is counted as input."),
        new("extra_content", Bound, "Google takes back what it gave; it is counted as input."),
        new("encrypted_content", Bound, "Some providers take back what they gave; it is counted as input."));
}
