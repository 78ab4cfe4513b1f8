using SpendGuard.Sidecar.Dialects.Fields;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>The fields of <c>embedContent</c> and <c>batchEmbedContents</c> requests.</summary>
internal static class GeminiEmbeddingFields
{
    private const string Text = "It is input.";
    private const string NotText = "Only text has a price.";

    private static FieldTable Content { get; } = FieldTable.InAnySpelling(
        new("role", Free),
        new("parts", Bound, Text, FieldTable.InAnySpelling(
            new("text", Bound, Text),
            new("inlineData", Refused, NotText),
            new("fileData", Refused, NotText))));

    private static FieldTable Config { get; } = FieldTable.InAnySpelling(
        new("taskType", Free),
        new("title", Bound, Text),
        new("outputDimensionality", Free),
        new("autoTruncate", Free, "The whole text is counted."),
        new("documentOcr", Refused, NotText),
        new("audioTrackExtraction", Refused, NotText));

    /// <summary>Of one content.</summary>
    public static FieldTable One { get; } = FieldTable.InAnySpelling(
        new("model", Bound, "It chooses the price."),
        new("content", Bound, Text, Content),
        new("taskType", Free),
        new("title", Bound, Text),
        new("outputDimensionality", Free),
        new("embedContentConfig", Bound, "Its title is input.", Config));

    /// <summary>Of several.</summary>
    public static FieldTable Batch { get; } = FieldTable.InAnySpelling(
        new("model", Bound, "It chooses the price."),
        new("requests", Bound, "Each is input.", One));
}
