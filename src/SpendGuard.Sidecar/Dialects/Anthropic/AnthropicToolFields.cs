using SpendGuard.Sidecar.Dialects.Fields;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>The tools of an Anthropic message.</summary>
internal static class AnthropicToolFields
{
    private const string Text = "It is input.";
    private const string Trained = "The caller runs it; its schema is Anthropic's, of at most 2,048 tokens.";
    private const string Hosted =
        "Each search has a fee and runs the model once more on all that it takes in: 'max_uses' is lowered to what the budget pays for, and pinned where it is left out. Where it pays for none, the tool is left out.";
    private const string ToolSearch =
        "No field limits how often the provider runs it, and the model runs once more each time. A search that the caller runs is a tool like others.";

    private const string Loop = "The provider runs it as often as the model likes.";

    private static FieldRule Type { get; } = new("type", Free);

    private static FieldRule CacheMark { get; } = new("cache_control", Bound, "Caching for an hour costs more to write.", AnthropicCache.Mark);

    private static FieldRule Name { get; } = new("name", Bound, Text);

    private static FieldRule Examples { get; } = new("input_examples", Bound, Text);

    private static FieldRule AllowedCallers { get; } = new("allowed_callers", Free, "The hosted ones are refused.");

    private static FieldRule DeferLoading { get; } = new("defer_loading", Free, "It only makes the input shorter.");

    private static FieldRule Strict { get; } = new("strict", Free);

    private static FieldTable TrainedTool { get; } = new(
        Type,
        Name,
        Examples,
        AllowedCallers,
        DeferLoading,
        Strict,
        CacheMark,
        new("max_characters", Free, "It is the caller who goes by it."),
        new("display_width_px", Free, "Screenshots come as images."),
        new("display_height_px", Free, "Screenshots come as images."),
        new("display_number", Free),
        new("enable_zoom", Free));

    private static FieldTable Toolset { get; } = new(
        Type,
        new("configs", Bound, "The model's maximum input is held for it."),
        CacheMark);

    private static FieldTable WebSearch { get; } = new(
        Type,
        Name,
        new("max_uses", Pinned, "It is what the budget pays for."),
        new("allowed_callers", Bound, "Only the model itself."),
        new("allowed_domains", Free),
        new("blocked_domains", Free),
        new("response_inclusion", Free),
        new("user_location", Free, Of: new FieldTable(
            Type,
            new("city", Free),
            new("country", Free),
            new("region", Free),
            new("timezone", Free))),
        DeferLoading,
        Strict,
        CacheMark);

    /// <summary>The tools that the caller runs.</summary>
    private static FieldRule[] OfCaller { get; } =
    [
        new("custom", Bound, "The caller runs it.", new FieldTable(
            Type,
            Name,
            new("description", Bound, Text),
            new("input_schema", Bound, Text),
            Examples,
            AllowedCallers,
            DeferLoading,
            Strict,
            new("eager_input_streaming", Free),
            CacheMark)),
        new("bash_20241022", Bound, Trained, TrainedTool),
        new("bash_20250124", Bound, Trained, TrainedTool),
        new("computer_20241022", Bound, Trained, TrainedTool),
        new("computer_20250124", Bound, Trained, TrainedTool),
        new("computer_20251124", Bound, Trained, TrainedTool),
        new("memory_20250818", Bound, Trained, TrainedTool),
        new("text_editor_20241022", Bound, Trained, TrainedTool),
        new("text_editor_20250124", Bound, Trained, TrainedTool),
        new("text_editor_20250429", Bound, Trained, TrainedTool),
        new("text_editor_20250728", Bound, Trained, TrainedTool),
        new("browser_toolset_20260801", Bound, "How long its schema is is not published: the model's maximum input is held for it.", Toolset),
        new("computer_toolset_20260801", Bound, "How long its schema is is not published: the model's maximum input is held for it.", Toolset),
    ];

    /// <summary>The tools that the provider runs without a bound.</summary>
    private static FieldRule[] WithoutBound { get; } =
    [
        new("web_fetch_20250910", Refused, Loop),
        new("web_fetch_20260209", Refused, Loop),
        new("web_fetch_20260309", Refused, Loop),
        new("web_fetch_20260318", Refused, Loop),
        new("code_execution_20250522", Refused, Loop),
        new("code_execution_20250825", Refused, Loop),
        new("code_execution_20260120", Refused, Loop),
        new("code_execution_20260521", Refused, Loop),
        new("tool_search_tool_bm25", Refused, ToolSearch),
        new("tool_search_tool_bm25_20251119", Refused, ToolSearch),
        new("tool_search_tool_regex", Refused, ToolSearch),
        new("tool_search_tool_regex_20251119", Refused, ToolSearch),
        new("advisor_20260301", Refused, "Another model answers at other prices."),
        new("mcp_toolset", Refused, Loop),
    ];

    /// <summary>The tools of a request.</summary>
    public static FieldKinds Tool { get; } = new(
        "type",
        [
            .. OfCaller,
            new("web_search_20250305", Bound, Hosted, WebSearch),
            new("web_search_20260209", Bound, Hosted, WebSearch),
            new("web_search_20260318", Bound, Hosted, WebSearch),
            .. WithoutBound,
        ])
    {
        Untold = "custom",
    };

    /// <summary>The tools that a message may define: searches have to stand where their limits are looked for.</summary>
    public static FieldKinds CallersTool { get; } = new(
        "type",
        [
            .. OfCaller,
            new("web_search_20250305", Refused, "It has to be among the request's tools."),
            new("web_search_20260209", Refused, "It has to be among the request's tools."),
            new("web_search_20260318", Refused, "It has to be among the request's tools."),
            .. WithoutBound,
        ])
    {
        Untold = "custom",
    };
}
