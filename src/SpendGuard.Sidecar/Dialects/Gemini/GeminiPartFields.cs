using SpendGuard.Sidecar.Dialects.Fields;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>The parts of a <c>generateContent</c> request's contents.</summary>
internal static class GeminiPartFields
{
    private const string Text = "It is input.";
    private const string Unseen = "The model's maximum input is held for it, and audio has to have a price, which it may be.";
    private const string Video = "The model's maximum input is held for video.";

    private static FieldRule InlineData { get; } = new(
        "inlineData", Bound, "Images by their size; for other data the model's maximum input is held, and audio has to have a price.", FieldTable.InAnySpelling(
            new("mimeType", Bound, "It chooses the bound."),
            new("data", Bound, "It tells the size of an image."),
            new("displayName", Bound, Text)));

    private static FieldRule FileData { get; } = new("fileData", Bound, Unseen, FieldTable.InAnySpelling(
        new("fileUri", Bound, Unseen),
        new("mimeType", Free, "What it is cannot be seen here."),
        new("displayName", Bound, Unseen)));

    public static FieldTable Part { get; } = FieldTable.InAnySpelling(
        new("text", Bound, Text),
        new("thought", Free),
        new("thoughtSignature", Bound, Text),
        InlineData,
        FileData,
        new("functionCall", Bound, Text, FieldTable.InAnySpelling(
            new("id", Bound, Text),
            new("name", Bound, Text),
            new("args", Bound, Text),
            new("partialArgs", Bound, Text),
            new("willContinue", Free))),
        new("functionResponse", Bound, Text, FieldTable.InAnySpelling(
            new("id", Bound, Text),
            new("name", Bound, Text),
            new("response", Bound, Text),
            new("parts", Bound, Text, FieldTable.InAnySpelling(
                InlineData,
                FileData,
                new("mediaProcessing", Bound, Video))),
            new("willContinue", Free),
            new("scheduling", Free))),
        new("mediaResolution", Bound, "Images are bounded at the highest.", FieldTable.InAnySpelling(
            new("level", Free, "Images are bounded at the highest."),
            new("numTokens", Refused, "It sets how many tokens an image has."))),
        new("executableCode", Refused, "It comes of a tool that is refused."),
        new("codeExecutionResult", Refused, "It comes of a tool that is refused."),
        new("toolCall", Refused, "It comes of a tool that is refused."),
        new("toolResponse", Refused, "It comes of a tool that is refused."),
        new("audioTranscription", Refused, "Audio is not priced."),
        new("videoMetadata", Bound, Video, FieldTable.InAnySpelling(
            new("startOffset", Bound, Video),
            new("endOffset", Bound, Video),
            new("fps", Bound, Video))),
        new("mediaProcessing", Bound, Video),
        new("speechMetadata", Refused, "Audio output is not priced."),
        new("partMetadata", Bound, "It is counted as input."));

    public static FieldTable Content { get; } = FieldTable.InAnySpelling(
        new("role", Free),
        new("parts", Bound, Text, Part));
}
