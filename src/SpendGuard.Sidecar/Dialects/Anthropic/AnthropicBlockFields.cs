using SpendGuard.Sidecar.Dialects.Fields;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>The content blocks of an Anthropic message.</summary>
internal static class AnthropicBlockFields
{
    private const string Text = "It is input.";
    private const string Unseen = "The model's maximum input is held for it.";
    private const string OfRefusedTool = "It comes of a tool that is refused.";

    private static FieldRule Type { get; } = new("type", Free);

    private static FieldRule CacheMark { get; } = new("cache_control", Bound, "Caching for an hour costs more to write.", AnthropicCache.Mark);

    private static FieldRule Citations { get; } = new("citations", Bound, Unseen, new FieldTable(
        new FieldRule("enabled", Bound, Unseen)));

    private static FieldRule Caller { get; } = new("caller", Free, Of: new FieldTable(Type, new("tool_id", Free)));

    private static FieldRule TextBlock { get; } = new("text", Bound, Text, new FieldTable(
        Type,
        new("text", Bound, Text),
        new("citations", Bound, "They are counted as input."),
        CacheMark));

    private static FieldRule Image { get; } = new("image", Bound, "At most what the model counts for an image of any size.", new FieldTable(
        Type,
        new("source", Bound, "At most what the model counts for an image of any size.", new FieldKinds(
            "type",
            new("base64", Bound, "At most what the model counts for an image of any size.", new FieldTable(
                Type, new("media_type", Free), new("data", Bound, "At most what the model counts for an image of any size."))),
            new("url", Bound, "At most what the model counts for an image of any size.", new FieldTable(
                Type, new("url", Bound, "At most what the model counts for an image of any size."))),
            new("file", Bound, "At most what the model counts for an image of any size.", new FieldTable(
                Type, new("file_id", Free))))),
        new("transformations", Free, Of: new FieldTable(
            new FieldRule("oversized_image", Free))),
        CacheMark));

    private static FieldRule SearchResult { get; } = new("search_result", Bound, Text, new FieldTable(
        Type,
        new("source", Bound, Text),
        new("title", Bound, Text),
        new("content", Bound, Text, new FieldKinds("type", TextBlock)),
        Citations,
        CacheMark));

    private static FieldRule Document { get; } = new("document", Bound, Text, new FieldTable(
        Type,
        new("title", Bound, Text),
        new("context", Bound, Text),
        new("source", Bound, Text, new FieldKinds(
            "type",
            new("text", Bound, Text, new FieldTable(
                Type, new("media_type", Free), new("data", Bound, Text))),
            new("content", Bound, Text, new FieldTable(
                Type, new("content", Bound, Text, new FieldKinds("type", TextBlock, Image)))),
            new("base64", Bound, Unseen, new FieldTable(
                Type, new("media_type", Free), new("data", Bound, Unseen))),
            new("url", Bound, Unseen, new FieldTable(
                Type, new("url", Bound, Unseen))),
            new("file", Bound, Unseen, new FieldTable(
                Type, new("file_id", Bound, Unseen))))),
        Citations,
        CacheMark));

    private static FieldKinds Result { get; } = new(
        "type",
        TextBlock,
        Image,
        Document,
        SearchResult,
        new("tool_reference", Bound, "The tool is counted where it is defined.", new FieldTable(
            Type, new("tool_name", Bound, Text), CacheMark)),
        new("browser_state", Bound, Text, new FieldTable(
            Type,
            new("tabs", Bound, Text, new FieldTable(
                new("tab_id", Bound, Text),
                new("title", Bound, Text),
                new("url", Bound, Text),
                new("active", Bound, Text))),
            new("state_changes", Bound, Text, new FieldTable(
                Type,
                new("tab_id", Bound, Text),
                new("download_id", Bound, Text),
                new("url", Bound, Text),
                new("path", Bound, Text),
                new("size_bytes", Bound, Text),
                new("error", Bound, Text))),
            CacheMark)));

    private static FieldTable ToolChange { get; } = new(
        Type,
        new("tool", Bound, "The tool is counted where it is defined.", new FieldKinds(
            "type",
            new("tool_reference", Bound, "The tool is counted where it is defined.", new FieldTable(
                Type, new("name", Bound, Text))),
            new("tool_definition", Bound, Text, new FieldTable(
                Type, new("definition", Bound, Text, AnthropicToolFields.CallersTool))),
            new("mcp_tool_reference", Refused, OfRefusedTool),
            new("mcp_toolset_reference", Refused, OfRefusedTool))),
        CacheMark);

    public static FieldKinds Block { get; } = new(
        "type",
        TextBlock,
        Image,
        Document,
        SearchResult,
        new("thinking", Bound, "Its signature holds the whole of what the text may only sum up.", new FieldTable(
            Type, new("thinking", Bound, Text), new("signature", Bound, Text), CacheMark)),
        new("redacted_thinking", Bound, "It is at least as long as what it hides.", new FieldTable(
            Type, new("data", Bound, Text), CacheMark)),
        new("tool_use", Bound, Text, new FieldTable(
            Type,
            new("id", Bound, Text),
            new("name", Bound, Text),
            new("input", Bound, Text),
            new("toolset_name", Bound, Text),
            Caller,
            CacheMark)),
        new("tool_result", Bound, Text, new FieldTable(
            Type,
            new("tool_use_id", Bound, Text),
            new("content", Bound, Text, Result),
            new("toolset_name", Bound, Text),
            new("is_error", Free),
            CacheMark)),
        new("tool_addition", Bound, "A tool that it defines is input.", ToolChange),
        new("tool_removal", Bound, "It is input.", ToolChange),
        new("server_tool_use", Bound, Text, new FieldTable(
            Type,
            new("id", Bound, Text),
            new("name", Bound, Text),
            new("input", Bound, Text),
            Caller,
            CacheMark)),
        new("web_search_tool_result", Bound, Unseen, new FieldTable(
            Type,
            new("tool_use_id", Bound, Unseen),
            new("content", Bound, Unseen, new FieldTable(
                Type,
                new("url", Bound, Unseen),
                new("title", Bound, Unseen),
                new("page_age", Bound, Unseen),
                new("encrypted_content", Bound, Unseen),
                new("error_code", Bound, Unseen))),
            Caller,
            CacheMark)),
        new("web_fetch_tool_result", Refused, OfRefusedTool),
        new("advisor_tool_result", Refused, OfRefusedTool),
        new("code_execution_tool_result", Refused, OfRefusedTool),
        new("bash_code_execution_tool_result", Refused, OfRefusedTool),
        new("text_editor_code_execution_tool_result", Refused, OfRefusedTool),
        new("tool_search_tool_result", Refused, OfRefusedTool),
        new("mcp_tool_use", Refused, OfRefusedTool),
        new("mcp_tool_result", Refused, OfRefusedTool),
        new("mcp_tool_listing", Refused, OfRefusedTool),
        new("container_upload", Refused, "Code execution adds input and fees."),
        new("compaction", Refused, "What it hides cannot be seen here."),
        new("fallback", Refused, "Another model may answer at other prices."));
}
