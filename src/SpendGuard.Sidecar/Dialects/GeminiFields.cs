using static SpendGuard.Sidecar.Dialects.FieldKind;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>The fields of a <c>generateContent</c> request.</summary>
internal static class GeminiFields
{
    public static FieldTable Table { get; } = new(
        ProtoNames.Same,
        [
            new("model", Bound, "It chooses the price."),
            new("contents", Bound, "Text by its bytes, images at their dearest; what cannot be seen here is refused."),
            new("systemInstruction", Bound, "It is input."),
            new("tools", Bound, "Functions are input; hosted tools are refused."),
            new("toolConfig", Free),
            new("safetySettings", Free),
            new("generationConfig", Pinned, "Its fields are below."),
            new("serviceTier", Pinned, "Left out, the standard one is asked for."),
            new("labels", Free),
            new("store", Free),
            new("cachedContent", Refused, "It adds input that cannot be seen."),
        ]);

    /// <summary>The fields of <c>generationConfig</c>.</summary>
    public static FieldTable Config { get; } = new(
        ProtoNames.Same,
        [
            new("maxOutputTokens", Pinned, "It is what the budget pays for."),
            new("candidateCount", Bound, "Each answer may use the whole cap."),
            new("responseSchema", Bound, "It is input."),
            new("responseJsonSchema", Bound, "It is input."),
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
            new("thinkingConfig", Free, "Thinking is within the output cap."),
            new("mediaResolution", Free, "Images are bounded at the highest."),
            new("enableEnhancedCivicAnswers", Free),
            new("speechConfig", Refused, "Audio output is not priced."),
            new("imageConfig", Refused, "Image output is not priced."),
        ]);
}
