using SpendGuard.Sidecar.Dialects.Fields;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Responses;

/// <summary>The input items of a response: messages, calls and what came of them.</summary>
internal static class OpenAIResponsesItemFields
{
    private const string Text = "It is input.";
    private const string Unseen = "What it stands for cannot be seen here: the model's maximum input is held for it at OpenAI; refused elsewhere.";
    private const string OfRefusedTool = "It comes of a tool that is refused.";

    private static FieldRule Type { get; } = new("type", Free);

    private static FieldRule Id { get; } = new("id", Free);

    private static FieldRule Status { get; } = new("status", Free);

    private static FieldRule CallId { get; } = new("call_id", Bound, Text);

    private static FieldRule Caller { get; } = new("caller", Free, Of: new FieldTable(Type, new("caller_id", Free)));

    private static FieldRule Agent { get; } = new("agent", Free, "Several agents are refused.", new FieldTable(new FieldRule("agent_name", Free)));

    private static FieldRule CacheBreakpoint { get; } = new("prompt_cache_breakpoint", Bound, "What is kept for longer than half an hour has no price.", OpenAICache.Breakpoint);

    public static FieldKinds Part { get; } = new(
        "type",
        new("input_text", Bound, Text, new FieldTable(Type, new("text", Bound, Text), CacheBreakpoint)),
        new("output_text", Bound, Text, new FieldTable(
            Type,
            new("text", Bound, Text),
            new("annotations", Bound, "They are counted as input."),
            new("logprobs", Free, Of: new FieldTable(
                new("token", Free),
                new("bytes", Free),
                new("logprob", Free),
                new("top_logprobs", Free, Of: new FieldTable(
                    new("token", Free),
                    new("bytes", Free),
                    new("logprob", Free))))),
            CacheBreakpoint)),
        new("text", Bound, Text, new FieldTable(Type, new("text", Bound, Text))),
        new("summary_text", Bound, Text, new FieldTable(Type, new("text", Bound, Text))),
        new("reasoning_text", Bound, Text, new FieldTable(Type, new("text", Bound, Text))),
        new("refusal", Bound, Text, new FieldTable(Type, new("refusal", Bound, Text))),
        new("input_image", Bound, "At most what the model counts for an image of any size.", new FieldTable(
            Type,
            new("detail", Bound, "It chooses the bound."),
            new("image_url", Bound, "At most what the model counts for an image of any size."),
            new("file_id", Free),
            CacheBreakpoint)),
        new("input_file", Bound, Unseen, new FieldTable(
            Type,
            new("file_id", Bound, Unseen),
            new("file_url", Bound, Unseen),
            new("file_data", Bound, Unseen),
            new("filename", Free),
            new("detail", Free),
            CacheBreakpoint)),
        new("input_audio", Refused, "Audio is not priced."));

    public static FieldKinds Item { get; } = new(
        "type",
        new("message", Bound, Text, new FieldTable(
            Type,
            Id,
            Status,
            Agent,
            new("role", Free),
            new("phase", Free),
            new("content", Bound, Text, Part))),
        new("function_call", Bound, Text, new FieldTable(
            Type,
            Id,
            Status,
            Agent,
            CallId,
            Caller,
            new("name", Bound, Text),
            new("namespace", Bound, Text),
            new("arguments", Bound, Text),
            new("parsed_arguments", Bound, "Clients add it to what they give back; it is counted as input."))),
        new("function_call_output", Bound, Text, new FieldTable(
            Type, Id, Status, Agent, CallId, Caller, new("output", Bound, Text, Part))),
        new("custom_tool_call", Bound, Text, new FieldTable(
            Type,
            Id,
            Status,
            Agent,
            CallId,
            Caller,
            new("name", Bound, Text),
            new("namespace", Bound, Text),
            new("input", Bound, Text))),
        new("custom_tool_call_output", Bound, Text, new FieldTable(
            Type, Id, Status, Agent, CallId, Caller, new("output", Bound, Text, Part))),
        new("reasoning", Bound, "Where it is not given back, what is stored under its id is input that cannot be seen here.", new FieldTable(
            Type,
            Id,
            Status,
            Agent,
            new("summary", Bound, Text, Part),
            new("content", Bound, Text, Part),
            new("encrypted_content", Bound, "It is at least as long as what it hides."))),
        new("agent_message", Refused, "Each agent makes calls of its own."),
        new("multi_agent_call", Refused, "Each agent makes calls of its own."),
        new("multi_agent_call_output", Refused, "Each agent makes calls of its own."),
        new("item_reference", Bound, Unseen, new FieldTable(Type, Id, Agent)),
        new("compaction", Bound, Unseen, new FieldTable(Type, Id, Agent, new("encrypted_content", Bound, Unseen))),
        new("web_search_call", Bound, Unseen, new FieldTable(
            Type,
            Id,
            Status,
            Agent,
            new("action", Bound, Unseen, new FieldTable(
                Type,
                new("query", Bound, Unseen),
                new("queries", Bound, Unseen),
                new("url", Bound, Unseen),
                new("pattern", Bound, Unseen),
                new("sources", Bound, Unseen, new FieldTable(Type, new("url", Bound, Unseen))))))),
        new("file_search_call", Bound, Unseen, new FieldTable(
            Type,
            Id,
            Status,
            Agent,
            new("queries", Bound, Unseen),
            new("results", Bound, Unseen, new FieldTable(
                new("attributes", Bound, Unseen),
                new("file_id", Bound, Unseen),
                new("filename", Bound, Unseen),
                new("score", Free),
                new("text", Bound, Unseen))))),
        new("local_shell_call", Bound, Text, new FieldTable(
            Type,
            Id,
            Status,
            Agent,
            CallId,
            new("action", Bound, Text, new FieldTable(
                Type,
                new("command", Bound, Text),
                new("env", Bound, Text),
                new("timeout_ms", Bound, Text),
                new("user", Bound, Text),
                new("working_directory", Bound, Text))))),
        new("local_shell_call_output", Bound, Text, new FieldTable(Type, Id, Status, Agent, CallId, new("output", Bound, Text))),
        new("shell_call", Bound, Text, new FieldTable(
            Type,
            Id,
            Status,
            Agent,
            CallId,
            Caller,
            new("action", Bound, Text, new FieldTable(
                new("commands", Bound, Text),
                new("max_output_length", Bound, Text),
                new("timeout_ms", Bound, Text))),
            new("environment", Bound, "Only the caller's own is priced.", OpenAIResponsesToolFields.Environment))),
        new("shell_call_output", Bound, Text, new FieldTable(
            Type,
            Id,
            Status,
            Agent,
            CallId,
            Caller,
            new("max_output_length", Bound, Text),
            new("output", Bound, Text, new FieldTable(
                new("stdout", Bound, Text),
                new("stderr", Bound, Text),
                new("outcome", Bound, Text, new FieldTable(Type, new("exit_code", Bound, Text))))))),
        new("apply_patch_call", Bound, Text, new FieldTable(
            Type,
            Id,
            Status,
            Agent,
            CallId,
            Caller,
            new("operation", Bound, Text, new FieldTable(Type, new("path", Bound, Text), new("diff", Bound, Text))))),
        new("apply_patch_call_output", Bound, Text, new FieldTable(
            Type, Id, Status, Agent, CallId, Caller, new("output", Bound, Text))),
        new("additional_tools", Bound, "The caller runs them.", new FieldTable(
            Type, Id, Status, Agent, new("role", Free), new("tools", Bound, Text, OpenAIResponsesToolFields.CallersTool))),
        new("tool_search_call", Bound, "Whoever runs it decides: the caller's own is bounded.", new FieldKinds(
            "execution",
            new("client", Bound, Text, new FieldTable(
                Type, Id, Status, Agent, CallId, Caller, new("execution", Free), new("arguments", Bound, Text))),
            new("server", Refused, OfRefusedTool))
        {
            Untold = "server",
        }),
        new("tool_search_output", Bound, "Whoever runs it decides: the caller's own is bounded.", new FieldKinds(
            "execution",
            new("client", Bound, Text, new FieldTable(
                Type, Id, Status, Agent, CallId, Caller, new("execution", Free), new("tools", Bound, Text, OpenAIResponsesToolFields.CallersTool))),
            new("server", Refused, OfRefusedTool))
        {
            Untold = "server",
        }),
        new("compaction_trigger", Refused, "Compaction is a call of its own."),
        new("image_generation_call", Refused, OfRefusedTool),
        new("code_interpreter_call", Refused, OfRefusedTool),
        new("computer_call", Refused, OfRefusedTool),
        new("computer_call_output", Refused, OfRefusedTool),
        new("mcp_list_tools", Refused, OfRefusedTool),
        new("mcp_approval_request", Refused, OfRefusedTool),
        new("mcp_approval_response", Refused, OfRefusedTool),
        new("mcp_call", Refused, OfRefusedTool),
        new("program", Refused, OfRefusedTool),
        new("program_output", Refused, OfRefusedTool))
    {
        // An item that does not say what it is is a message if it has a role, and stands for another item otherwise.
        Untold = "item_reference",
        UntoldWith = [("role", "message")],
    };
}
