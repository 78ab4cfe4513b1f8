using System.Text.Json;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Dialects.Tables;

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

    private static readonly FieldShape Chat = RequestTables.Bundled.Of("openai").Request("chat");
    private static readonly FieldShape Responses = RequestTables.Bundled.Of("openai").Request("responses");
    private static readonly FieldShape Messages = RequestTables.Bundled.Of("anthropic").Request("messages");
    private static readonly FieldShape Generate = RequestTables.Bundled.Of("gemini").Request("generateContent");

    private readonly RequestSchemas _schemas = fixture.Schemas;

    private static FieldShape Inside(FieldShape shape, string field) => shape.Find(field)!.Of!;

    [Fact]
    public void OpenAI_EveryField_HasARow() => AssertNothingMissing(walk =>
    {
        walk.Go("chat", _schemas.Roots["openai/resources/chat/completions/completions#ChatCompletionCreateParamsBase"], Chat);
        walk.Go("responses", _schemas.Roots["openai/resources/responses/responses#ResponseCreateParamsBase"], Responses);
        walk.Go("responses", _schemas.Roots["openai/resources/beta/responses/responses#ResponseCreateParamsBase"], Responses);
        walk.Go("embeddings", _schemas.Roots["openai/resources/embeddings#EmbeddingCreateParams"], RequestTables.Bundled.Of("openai").Request("embeddings"));
    });

    [Fact]
    public void Anthropic_EveryField_HasARow() => AssertNothingMissing(walk =>
    {
        walk.Go("messages", _schemas.Roots["@anthropic-ai/sdk/resources/messages/messages#MessageCreateParamsBase"], Messages);
        walk.Go("messages", _schemas.Roots["@anthropic-ai/sdk/resources/beta/messages/messages#MessageCreateParamsBase"], Messages);
        walk.Go("count_tokens", _schemas.Roots["@anthropic-ai/sdk/resources/messages/messages#MessageCountTokensParams"], Messages);
        walk.Go("count_tokens", _schemas.Roots["@anthropic-ai/sdk/resources/beta/messages/messages#MessageCountTokensParams"], Messages);
    });

    [Fact]
    public void Anthropic_EveryBeta_HasARow() => Assert.Empty(
        _schemas.Values["@anthropic-ai/sdk/resources/beta/beta#AnthropicBeta"].Except(RequestTables.Bundled.Of("anthropic").Betas.Rules.Select(beta => beta.Name)));

    /// <summary>Google's client has one type for what goes into two objects.</summary>
    [Fact]
    public void Gemini_EveryField_HasARow() => AssertNothingMissing(walk =>
    {
        walk.Go("generateContent", _schemas.Roots["@google/genai#GenerateContentConfig"], Generate, Inside(Generate, "generationConfig"));
        walk.Go("generationConfig", _schemas.Roots["@google/genai#GenerationConfig"], Inside(Generate, "generationConfig"));
        walk.Go("contents", _schemas.Roots["@google/genai#Content"], Inside(Generate, "contents"));
    });

    /// <summary>xAI's client is none of npm's: the list says where its names are from.</summary>
    [Fact]
    public async Task XAI_EveryField_HasARow()
    {
        using var list = JsonDocument.Parse(await File.ReadAllTextAsync(
            Repository.Path("tests", "SpendGuard.Sidecar.Tests", "Dialects", "Fields", "xai-request-fields.json")));

        Assert.Empty(Names("chat").Except(Chat.Rules.Select(rule => rule.Name)));
        Assert.Empty(Names("chat_messages").Except(Inside(Chat, "messages").Rules.Select(rule => rule.Name)));
        Assert.Empty(Names("chat_tool_calls").Except(Inside(Inside(Chat, "messages"), "tool_calls").Rules.Select(rule => rule.Name)));
        Assert.Empty(Names("chat_tools").Except(Inside(Chat, "tools").Rules.Select(rule => rule.Name)));
        Assert.Empty(Names("responses").Except(Responses.Rules.Select(rule => rule.Name)));
        Assert.Empty(Names("responses_tools").Except(Inside(Responses, "tools").Rules.Select(rule => rule.Name)));

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
