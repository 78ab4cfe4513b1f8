using static SpendGuard.Sidecar.Dialects.FieldKind;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>The fields of a <c>generateContent</c> request.</summary>
internal static class GeminiFields
{
    public static FieldTable Table { get; } = new(
        ProtoNames.Same,
        [
            new("model", Bound),
            new("contents", Bound),
            new("systemInstruction", Bound),
            new("tools", Bound),
            new("toolConfig", Free),
            new("safetySettings", Free),
            new("generationConfig", Pinned),
            new("serviceTier", Pinned),
            new("labels", Free),
            new("store", Free),
            new("cachedContent", Refused, "It adds input that cannot be seen."),
        ]);

    /// <summary>The fields of <c>generationConfig</c>.</summary>
    public static FieldTable Config { get; } = new(
        ProtoNames.Same,
        [
            new("maxOutputTokens", Pinned),
            new("candidateCount", Bound),
            new("responseSchema", Bound),
            new("responseJsonSchema", Bound),
            new("responseModalities", Bound),
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
