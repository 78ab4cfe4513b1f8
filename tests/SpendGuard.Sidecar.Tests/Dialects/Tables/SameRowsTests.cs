using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Dialects.Gemini;
using SpendGuard.Sidecar.Dialects.Headers;
using SpendGuard.Sidecar.Dialects.OpenAI;
using SpendGuard.Sidecar.Dialects.OpenAI.Chat;
using SpendGuard.Sidecar.Dialects.OpenAI.Images;
using SpendGuard.Sidecar.Dialects.OpenAI.Responses;
using SpendGuard.Sidecar.Dialects.Tables;

namespace SpendGuard.Sidecar.Tests.Dialects.Tables;

/// <summary>The rows of the files are those of the code.</summary>
public sealed class SameRowsTests
{
    [Fact]
    public void Requests_AreTheSame()
    {
        Same("chat", OpenAIChatFields.Table, RequestTables.Bundled.Of("openai").Request("chat"));
        Same("responses", OpenAIResponsesFields.Table, RequestTables.Bundled.Of("openai").Request("responses"));
        Same("embeddings", OpenAIEmbeddingsDialect.Fields, RequestTables.Bundled.Of("openai").Request("embeddings"));
        Same("images", OpenAIImageFields.Table, RequestTables.Bundled.Of("openai").Request("images"));
        Same("messages", AnthropicFields.Table, RequestTables.Bundled.Of("anthropic").Request("messages"));
        Same("generateContent", GeminiFields.Table, RequestTables.Bundled.Of("gemini").Request("generateContent"));
        Same("embedContent", GeminiEmbeddingFields.One, RequestTables.Bundled.Of("gemini").Request("embedContent"));
        Same("batchEmbedContents", GeminiEmbeddingFields.Batch, RequestTables.Bundled.Of("gemini").Request("batchEmbedContents"));
        Same("prompt", GeminiPrompt.Fields, RequestTables.Bundled.Of("gemini").Request("prompt"));
    }

    [Fact]
    public void Betas_AreTheSame()
    {
        var file = RequestTables.Bundled.Of("anthropic").Betas.Rules;
        Assert.Equal(AnthropicBetas.Table.Select(row => row with { Opens = [] }), file.Select(row => row with { Opens = [] }));
        Assert.Equal(AnthropicBetas.Table.SelectMany(row => row.Opens), file.SelectMany(row => row.Opens));
    }

    [Fact]
    public void Headers_AreTheSame()
    {
        Same(OpenAIHeaders.Table, "openai");
        Same(AnthropicHeaders.Table, "anthropic");
        Same(GeminiHeaders.Table, "gemini");
    }

    private static void Same(HeaderTable code, string vendor) => Assert.Equal(
        code.Rules.Select(rule => (rule.Name, rule.Reason, string.Join(',', rule.Values))),
        RequestTables.Bundled.Of(vendor).Headers.Rules.Select(rule => (rule.Name, rule.Reason, string.Join(',', rule.Values))));

    private static void Same(string place, FieldShape code, FieldShape file)
    {
        Assert.Equal(Form(code), Form(file));
        Assert.Equal(
            code.Rules.Select(rule => (place, rule with { Of = null }, rule.Of is null)),
            file.Rules.Select(rule => (place, rule with { Of = null }, rule.Of is null)));
        foreach (var (left, right) in code.Rules.Zip(file.Rules).Where(pair => pair.First.Of is not null))
        {
            Same($"{place}.{left.Name}", left.Of!, right.Of!);
        }
    }

    private static string Form(FieldShape shape) => shape switch
    {
        FieldTable table => $"fields {table.AnySpelling}",
        FieldKinds kinds => $"kinds by {kinds.Tag}, else {string.Join(' ', kinds.UntoldWith)} {kinds.Untold}",
        _ => throw new InvalidOperationException(shape.GetType().Name),
    };
}
