using SpendGuard.Sidecar.Dialects.Fields;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Chat;

/// <summary>The fields of a chat completion's tools, and of the form that its answer has to have.</summary>
internal static class OpenAIChatToolFields
{
    private const string Text = "It is input.";
    private const string Loop = "The provider runs it as often as the model likes.";

    public static FieldTable Function { get; } = new(
        new("name", Bound, Text),
        new("description", Bound, Text),
        new("parameters", Bound, Text),
        new("strict", Free));

    public static FieldKinds Tool { get; } = new(
        "type",
        new("function", Bound, "The caller runs it.", new FieldTable(
            new("type", Free),
            new("function", Bound, Text, Function))),
        new("custom", Bound, "The caller runs it.", new FieldTable(
            new("type", Free),
            new("custom", Bound, Text, new FieldTable(
                new("name", Bound, Text),
                new("description", Bound, Text),
                new("format", Bound, Text, new FieldTable(
                    new("type", Free),
                    new("grammar", Bound, Text, new FieldTable(
                        new("definition", Bound, Text),
                        new("syntax", Free))))))))),
        new("live_search", Refused, Loop),
        new("web_search", Refused, Loop),
        new("x_search", Refused, Loop),
        new("collections_search", Refused, Loop),
        new("attachment_search", Refused, Loop),
        new("code_execution", Refused, Loop),
        new("image_generation", Refused, "Images are not priced."),
        new("mcp", Refused, Loop));

    public static FieldTable Choice { get; } = new(
        new("type", Free),
        new("function", Bound, Text, new FieldTable(new FieldRule("name", Bound, Text))),
        new("custom", Bound, Text, new FieldTable(new FieldRule("name", Bound, Text))),
        new("allowed_tools", Bound, Text, new FieldTable(
            new("mode", Free),
            new("tools", Bound, Text))));

    public static FieldKinds Format { get; } = new(
        "type",
        new("text", Free, Of: new FieldTable(new FieldRule("type", Free))),
        new("json_object", Free, Of: new FieldTable(new FieldRule("type", Free))),
        new("json_schema", Bound, "Its schema is input.", new FieldTable(
            new("type", Free),
            new("json_schema", Bound, Text, new FieldTable(
                new("name", Bound, Text),
                new("description", Bound, Text),
                new("schema", Bound, Text),
                new("strict", Free))))));
}
