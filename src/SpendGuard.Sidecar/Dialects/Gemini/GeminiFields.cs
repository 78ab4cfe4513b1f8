using SpendGuard.Sidecar.Dialects.Fields;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>The fields of a <c>generateContent</c> request.</summary>
internal static class GeminiFields
{
    public static FieldTable Config { get; } = FieldTable.InAnySpelling(
        new("maxOutputTokens", Pinned, "It is what the budget pays for."),
        new("candidateCount", Bound, "Each answer may use the whole cap."),
        new("responseSchema", Bound, "It is input."),
        new("responseJsonSchema", Bound, "It is input."),
        new("responseFormat", Bound, "Its schema is input.", FieldTable.InAnySpelling(
            new("text", Bound, "Its schema is input.", FieldTable.InAnySpelling(
                new("mimeType", Free),
                new("schema", Bound, "It is input."))),
            new("audio", Refused, "Audio output is not priced."),
            new("image", Refused, "Image output is not priced."),
            new("video", Refused, "Video output is not priced."))),
        new("responseModalities", Bound, "Only text is priced."),
        new("responseMimeType", Free),
        new("stopSequences", Free),
        new("temperature", Free),
        new("topP", Free),
        new("topK", Free),
        new("seed", Free),
        new("presencePenalty", Free),
        new("frequencyPenalty", Free),
        new("responseLogprobs", Free),
        new("logprobs", Free),
        new("thinkingConfig", Free, "Thinking is within the output cap.", FieldTable.InAnySpelling(
            new("includeThoughts", Free),
            new("thinkingBudget", Free),
            new("thinkingLevel", Free))),
        new("mediaResolution", Free, "Images are bounded at the highest."),
        new("enableEnhancedCivicAnswers", Free),
        new("enableAffectiveDialog", Free),
        new("audioTimestamp", Free, "Audio is bounded by the model's maximum input."),
        new("speechConfig", Refused, "Audio output is not priced."),
        new("imageConfig", Refused, "Image output is not priced."),
        new("translationConfig", Refused, "Audio output is not priced."),
        new("audioTranscriptionConfig", Refused, "Transcriptions are not priced."),
        new("routingConfig", Refused, "Another model may serve the call."),
        new("modelSelectionConfig", Refused, "Another model may serve the call."));

    public static FieldTable Table { get; } = FieldTable.InAnySpelling(
        new("model", Bound, "It chooses the price."),
        new("contents", Bound, "They are input.", GeminiPartFields.Content),
        new("systemInstruction", Bound, "It is input.", GeminiPartFields.Content),
        new("tools", Bound, "They are input.", GeminiToolFields.Tool),
        new("toolConfig", Free, Of: GeminiToolFields.Config),
        new("safetySettings", Free, Of: FieldTable.InAnySpelling(
            new("category", Free),
            new("threshold", Free),
            new("method", Free))),
        new("generationConfig", Pinned, "The output cap is in it.", Config),
        new("serviceTier", Pinned, "Left out, the standard one is asked for."),
        new("labels", Free),
        new("store", Free),
        new("cachedContent", Refused, "It may have tools of its own, and its storage has a fee."),
        new("modelArmorConfig", Refused, "It is a service with fees of its own."),
        new("generationOutputConfig", Refused, "The answer goes where it cannot be seen."),
        new("continuationToken", Refused, "It takes up an earlier answer, which is input that cannot be seen here."));
}
