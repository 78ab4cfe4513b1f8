using System.Text.Json;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Dialects.Gemini;
using SpendGuard.Sidecar.Dialects.OpenAI;
using SpendGuard.Sidecar.Dialects.OpenAI.Chat;
using SpendGuard.Sidecar.Dialects.OpenAI.Responses;

namespace SpendGuard.Sidecar.Tests.Dialects.Fields;

/// <summary>
/// Whatever a provider's own client can put into a request has a row in our tables. What it is called there is taken from the types of
/// the clients, so a new version of one shows here what it can send that nobody has decided on.
/// </summary>
[Trait(Traits.Category, Traits.Slow)]
[Trait(Traits.Needs, Traits.Node)]
[Trait(Traits.Category, Traits.Slow)]
[Trait(Traits.Needs, Traits.Node)]
public sealed class RequestSchemaTests(RequestSchemasFixture fixture) : IClassFixture<RequestSchemasFixture>
{
    /// <summary>What clients keep for themselves, and what they put into another form: a system instruction becomes a content.</summary>
    private static readonly HashSet<string> Unsent = new(StringComparer.Ordinal)
    {
        "GenerateContentConfig.httpOptions",
        "GenerateContentConfig.abortSignal",
        "GenerateContentConfig.systemInstruction",
        "GenerateContentConfig.automaticFunctionCalling",
        "GenerateContentConfig.automaticContinuation",
        "CallableTool.tool",
        "CallableTool.callTool",
    };

    /// <summary>Counted by their JSON text whole.</summary>
    private static readonly string[] AsText =
    [
        "Schema", "PartialArg", "ResponseOutputText.", "BetaResponseOutputText.", "Citation", "BetaCitation",
        "BrowserToolsetConfigs", "BetaBrowserToolsetConfigs", "ComputerToolsetConfigs", "BetaComputerToolsetConfigs",
    ];

    private readonly RequestSchemas _schemas = fixture.Schemas;

    [Fact]
    public void OpenAI_EveryField_HasARow() => AssertNothingMissing(walk =>
    {
        walk.Go("chat", _schemas.Roots["openai/resources/chat/completions/completions#ChatCompletionCreateParamsBase"], OpenAIChatFields.Table);
        walk.Go("responses", _schemas.Roots["openai/resources/responses/responses#ResponseCreateParamsBase"], OpenAIResponsesFields.Table);
        walk.Go("responses", _schemas.Roots["openai/resources/beta/responses/responses#ResponseCreateParamsBase"], OpenAIResponsesFields.Table);
        walk.Go("embeddings", _schemas.Roots["openai/resources/embeddings#EmbeddingCreateParams"], OpenAIEmbeddingsDialect.Fields);
    });

    [Fact]
    public void Anthropic_EveryField_HasARow() => AssertNothingMissing(walk =>
    {
        walk.Go("messages", _schemas.Roots["@anthropic-ai/sdk/resources/messages/messages#MessageCreateParamsBase"], AnthropicFields.Table);
        walk.Go("messages", _schemas.Roots["@anthropic-ai/sdk/resources/beta/messages/messages#MessageCreateParamsBase"], AnthropicFields.Table);
        walk.Go("count_tokens", _schemas.Roots["@anthropic-ai/sdk/resources/messages/messages#MessageCountTokensParams"], AnthropicFields.Table);
        walk.Go("count_tokens", _schemas.Roots["@anthropic-ai/sdk/resources/beta/messages/messages#MessageCountTokensParams"], AnthropicFields.Table);
    });

    [Fact]
    public void Anthropic_EveryBeta_HasARow() => Assert.Empty(
        _schemas.Values["@anthropic-ai/sdk/resources/beta/beta#AnthropicBeta"].Except(AnthropicBetas.Table.Select(rule => rule.Name)));

    /// <summary>Google's client has one type for what goes into two objects.</summary>
    [Fact]
    public void Gemini_EveryField_HasARow() => AssertNothingMissing(walk =>
    {
        walk.Go("generateContent", _schemas.Roots["@google/genai#GenerateContentConfig"], GeminiFields.Table, GeminiFields.Config);
        walk.Go("generationConfig", _schemas.Roots["@google/genai#GenerationConfig"], GeminiFields.Config);
        walk.Go("contents", _schemas.Roots["@google/genai#Content"], GeminiPartFields.Content);
    });

    /// <summary>xAI's client is none of npm's: the list says where its names are from.</summary>
    [Fact]
    public async Task XAI_EveryField_HasARow()
    {
        using var list = JsonDocument.Parse(await File.ReadAllTextAsync(
            Repository.Path("tests", "SpendGuard.Sidecar.Tests", "Dialects", "Fields", "xai-request-fields.json")));

        Assert.Empty(Names("chat").Except(OpenAIChatFields.Table.Rules.Select(rule => rule.Name)));
        Assert.Empty(Names("chat_messages").Except(OpenAIChatMessageFields.Message.Rules.Select(rule => rule.Name)));
        Assert.Empty(Names("chat_tool_calls").Except(OpenAIChatMessageFields.ToolCall.Rules.Select(rule => rule.Name)));
        Assert.Empty(Names("chat_tools").Except(OpenAIChatToolFields.Tool.Rules.Select(rule => rule.Name)));
        Assert.Empty(Names("responses").Except(OpenAIResponsesFields.Table.Rules.Select(rule => rule.Name)));
        Assert.Empty(Names("responses_tools").Except(OpenAIResponsesToolFields.Tool.Rules.Select(rule => rule.Name)));

        IEnumerable<string> Names(string part) => list.RootElement.GetProperty(part).EnumerateArray().Select(name => name.GetString()!);
    }

    private void AssertNothingMissing(Action<SchemaWalk> go)
    {
        var walk = new SchemaWalk(_schemas, Unsent, AsText);
        go(walk);
        Assert.True(
            walk.Missing.Count == 0,
            "These have no row in the tables of src/SpendGuard.Sidecar/Dialects. Decide by what each does to the bill:\n" + string.Join('\n', walk.Missing));
    }
}
