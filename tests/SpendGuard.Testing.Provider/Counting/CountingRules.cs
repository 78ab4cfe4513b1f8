using System.Text;
using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Counting;

/// <summary>How a provider counts input: its tokenizer, and what it adds by itself.</summary>
internal sealed record CountingRules(Func<string, long> TextTokens)
{
    private static readonly Lazy<ReferenceTokenizer> O200k = new(ReferenceTokenizer.O200k);
    private static readonly Lazy<ReferenceTokenizer> Cl100k = new(ReferenceTokenizer.Cl100k);

    /// <summary>
    /// The dearest that OpenAI publishes for an image of any model: a base of 2,833 and eight tiles of 5,667. In its original size, of 10,000
    /// patches at 2.46 or 30,000 at 1.2, it comes to less. Which of them a made-up model counts by, nobody has published.
    /// </summary>
    private const long DearestImage = 48_169;

    /// <summary>An ordinary call.</summary>
    public static CountingRules Usual { get; } = new(TokenCounter.Count);

    /// <summary>What an image counts as; null for what is usual.</summary>
    public long? Image { get; init; }

    /// <summary>The prompt that Anthropic puts before the conversation when there are tools.</summary>
    public long ToolPrompt { get; init; } = 346;

    /// <summary>What the schema of a tool counts as that Anthropic has trained its models on.</summary>
    public long TrainedTool { get; init; } = 245;

    /// <summary>The most that a model may count: exact where its tokenizer is published, else a token for each byte, and images as large as can be.</summary>
    public static CountingRules MostFor(string model) => model switch
    {
        _ when model.StartsWith("gpt-4o", StringComparison.Ordinal) => new(text => O200k.Value.Count(text)) { Image = 85 + (8 * 170) },
        _ when model.StartsWith("gpt-5", StringComparison.Ordinal) => new(text => O200k.Value.Count(text)) { Image = DearestImage },
        _ when model.StartsWith("text-embedding-3", StringComparison.Ordinal) => new(text => Cl100k.Value.Count(text)),
        _ when model.StartsWith("gpt-", StringComparison.Ordinal) => new(Bytes) { Image = DearestImage },
        _ when model.StartsWith("claude", StringComparison.Ordinal) => new(Bytes) { Image = 4_784, ToolPrompt = 530, TrainedTool = 1_234 },
        _ when model.StartsWith("gemini", StringComparison.Ordinal) => new(Bytes) { Image = 2_240 },
        _ when model.StartsWith("grok", StringComparison.Ordinal) => new(Bytes) { Image = 1_792 },
        _ => new(Bytes),
    };

    public long Text(string? text) => string.IsNullOrEmpty(text) ? 0 : TextTokens(text);

    public long Json(JsonNode? node) => node is null ? 0 : Text(CompactJson.Write(node));

    private static long Bytes(string text) => Encoding.UTF8.GetByteCount(text);
}
