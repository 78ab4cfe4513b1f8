using static SpendGuard.Sidecar.Dialects.FieldKind;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>The tools of a response, and the form that its answer has to have.</summary>
internal static class OpenAIResponsesToolFields
{
    private const string Text = "It is input.";
    private const string Loop = "The provider runs it as often as the model likes.";

    private static FieldRule Type { get; } = new("type", Free);

    private static FieldTable Function { get; } = new(
        Type,
        new("name", Bound, Text),
        new("description", Bound, Text),
        new("parameters", Bound, Text),
        new("output_schema", Bound, Text),
        new("strict", Free),
        new("allowed_callers", Free, "The hosted ones are refused."),
        new("defer_loading", Free));

    private static FieldTable Custom { get; } = new(
        Type,
        new("name", Bound, Text),
        new("description", Bound, Text),
        new("format", Bound, Text, new FieldTable(
            Type,
            new("definition", Bound, Text),
            new("syntax", Free))),
        new("allowed_callers", Free, "The hosted ones are refused."),
        new("defer_loading", Free));

    public static FieldKinds Tool { get; } = new(
        "type",
        new("function", Bound, "The caller runs it.", Function),
        new("custom", Bound, "The caller runs it.", Custom),
        new("namespace", Bound, "The caller runs what is in it.", new FieldTable(
            Type,
            new("name", Bound, Text),
            new("description", Bound, Text),
            new("tools", Bound, Text, new FieldKinds(
                "type",
                new("function", Bound, "The caller runs it.", Function),
                new("custom", Bound, "The caller runs it.", Custom))))),
        new("web_search", Refused, Loop),
        new("web_search_2025_08_26", Refused, Loop),
        new("web_search_preview", Refused, Loop),
        new("web_search_preview_2025_03_11", Refused, Loop),
        new("x_search", Refused, Loop),
        new("file_search", Refused, Loop),
        new("collections_search", Refused, Loop),
        new("attachment_search", Refused, Loop),
        new("code_interpreter", Refused, "Its container has a fee."),
        new("code_execution", Refused, "Its container has a fee."),
        new("image_generation", Refused, "Images are not priced."),
        new("mcp", Refused, Loop),
        new("programmatic_tool_calling", Refused, Loop),
        new("tool_search", Refused, Loop),
        new("computer", Refused, "What the provider adds to the input for it is not published."),
        new("computer_use_preview", Refused, "What the provider adds to the input for it is not published."),
        new("local_shell", Refused, "What the provider adds to the input for it is not published."),
        new("shell", Refused, "What the provider adds to the input for it is not published."),
        new("apply_patch", Refused, "What the provider adds to the input for it is not published."));

    public static FieldTable Choice { get; } = new(
        Type,
        new("name", Bound, Text),
        new("server_label", Free),
        new("mode", Free),
        new("tools", Bound, Text));

    public static FieldKinds Format { get; } = new(
        "type",
        new("text", Free, Of: new FieldTable(Type)),
        new("json_object", Free, Of: new FieldTable(Type)),
        new("json_schema", Bound, "Its schema is input.", new FieldTable(
            Type,
            new("name", Bound, Text),
            new("description", Bound, Text),
            new("schema", Bound, Text),
            new("strict", Free))));
}
