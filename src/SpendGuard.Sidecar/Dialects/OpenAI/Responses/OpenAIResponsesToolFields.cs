using SpendGuard.Sidecar.Dialects.Fields;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Responses;

/// <summary>The tools of a response, and the form that its answer has to have.</summary>
internal static class OpenAIResponsesToolFields
{
    private const string Text = "It is input.";
    private const string Loop = "The provider runs it as often as the model likes.";
    private const string Hosted =
        "Each call has a fee and runs the model once more on all that it takes in: 'max_tool_calls' is lowered to what the budget pays for, and pinned where it is left out. Where it pays for none, the tool is left out.";
    private const string Unpublished = "What the provider adds to the input for it is not published: the model's maximum input is held for it at OpenAI; refused elsewhere.";

    private static FieldRule Type { get; } = new("type", Free);

    private static FieldRule AllowedCallers { get; } = new("allowed_callers", Free, "The hosted ones are refused.");

    /// <summary>Where a shell runs.</summary>
    public static FieldKinds Environment { get; } = new(
        "type",
        new("local", Bound, Text, new FieldTable(
            Type,
            new("skills", Bound, Text, new FieldTable(
                new("name", Bound, Text),
                new("description", Bound, Text),
                new("path", Bound, Text))))),
        new("container_auto", Refused, "Its container has a fee."),
        new("container_reference", Refused, "Its container has a fee."));

    private static FieldTable WebSearch { get; } = new(
        Type,
        new("search_context_size", Free),
        new("external_web_access", Free, "Without it, what is searched is kept at the provider; the fee is the same."),
        new("search_content_types", Free, "What is found may be as long as all that the model takes in."),
        new("filters", Free, Of: new FieldTable(
            new("allowed_domains", Free),
            new("blocked_domains", Free))),
        new("user_location", Free, Of: new FieldTable(
            Type,
            new("city", Free),
            new("country", Free),
            new("region", Free),
            new("timezone", Free))));

    private static FieldTable Function { get; } = new(
        Type,
        new("name", Bound, Text),
        new("description", Bound, Text),
        new("parameters", Bound, Text),
        new("output_schema", Bound, Text),
        new("strict", Free),
        AllowedCallers,
        new("defer_loading", Free));

    private static FieldTable Custom { get; } = new(
        Type,
        new("name", Bound, Text),
        new("description", Bound, Text),
        new("format", Bound, Text, new FieldTable(
            Type,
            new("definition", Bound, Text),
            new("syntax", Free))),
        AllowedCallers,
        new("defer_loading", Free));

    /// <summary>The tools that the caller runs, in whatever they are wrapped.</summary>
    private static FieldRule[] OfCaller { get; } =
    [
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
        new("tool_search", Bound, "Whoever runs it decides: the caller's own is bounded.", new FieldKinds(
            "execution",
            new("client", Bound, "The caller runs it.", new FieldTable(
                Type,
                new("execution", Free),
                new("description", Bound, Text),
                new("parameters", Bound, Text))),
            new("server", Refused, "No limit of how often the provider runs it is published. With \"execution\": \"client\" the caller runs it."))
        {
            Untold = "server",
        }),
        new("local_shell", Bound, Unpublished, new FieldTable(Type)),
        new("shell", Bound, Unpublished, new FieldTable(
            Type,
            AllowedCallers,
            new("environment", Bound, "Only the caller's own is priced.", Environment))),
        new("apply_patch", Bound, Unpublished, new FieldTable(Type, AllowedCallers)),
    ];

    /// <summary>The tools that the provider runs without a bound.</summary>
    private static FieldRule[] WithoutBound { get; } =
    [
        new("web_search_preview", Refused, Loop),
        new("web_search_preview_2025_03_11", Refused, Loop),
        new("x_search", Refused, Loop),
        new("collections_search", Refused, Loop),
        new("attachment_search", Refused, Loop),
        new("code_interpreter", Refused, "Its container has a fee."),
        new("code_execution", Refused, "Its container has a fee."),
        new("image_generation", Refused, "Its images are billed at the prices of another model, and how many tokens one has is not in the price book."),
        new("mcp", Refused, Loop),
        new("programmatic_tool_calling", Refused, Loop),
        new("computer", Refused, "What the provider adds to the input for it is not published."),
        new("computer_use_preview", Refused, "What the provider adds to the input for it is not published."),
    ];

    /// <summary>The tools of a request.</summary>
    public static FieldKinds Tool { get; } = new(
        "type",
        [
            .. OfCaller,
            new("web_search", Bound, Hosted, WebSearch),
            new("web_search_2025_08_26", Bound, Hosted, WebSearch),
            new("file_search", Bound, Hosted, new FieldTable(
                Type,
                new("vector_store_ids", Free),
                new("max_num_results", Free),
                new("filters", Free, "It only makes the result shorter.", new FieldTable(
                    Type,
                    new("key", Free),
                    new("value", Free),
                    new("filters", Free, Of: new FieldTable(
                        Type,
                        new("key", Free),
                        new("value", Free),
                        new("filters", Free))))),
                new("ranking_options", Free, Of: new FieldTable(
                    new("ranker", Free),
                    new("score_threshold", Free),
                    new("hybrid_search", Free, Of: new FieldTable(
                        new("embedding_weight", Free),
                        new("text_weight", Free))))))),
            .. WithoutBound,
        ]);

    /// <summary>The tools that an item of the input may bring: those that the provider runs have to stand where their limits are looked for.</summary>
    public static FieldKinds CallersTool { get; } = new(
        "type",
        [
            .. OfCaller,
            new("web_search", Refused, "It has to be among the request's tools."),
            new("web_search_2025_08_26", Refused, "It has to be among the request's tools."),
            new("file_search", Refused, "It has to be among the request's tools."),
            .. WithoutBound,
        ]);

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
