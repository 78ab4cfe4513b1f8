using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects.Gemini;

/// <summary>Gemini's embeddings through the sidecar.</summary>
public sealed class GeminiEmbeddingTests : IAsyncLifetime
{
    private const string One = "/v1beta/models/gemini-embedding-001:embedContent";
    private const string Batch = "/v1beta/models/gemini-embedding-001:batchEmbedContents";
    private const string Text = """{"content":{"parts":[{"text":"What is the weather in Bern?"}]},"taskType":"RETRIEVAL_DOCUMENT","title":"Weather","outputDimensionality":8}""";

    private SidecarFixture _sidecar = null!;
    private string _agent = null!;

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartAsync();
        _agent = await _sidecar.AgentAsync(cents: 1_000);
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData(One, Text, "embedding")]
    [InlineData(Batch, """{"requests":[{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"Hi"},{"text":"there"}]}},{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"You"}]}}]}""", "embeddings")]
    public async Task Answer_BudgetLosesWhatTheProviderCharges(string path, string body, string field)
    {
        var held = _sidecar.WatchHolds(_agent);
        var reply = await _sidecar.AskAsync(path, _agent, body);

        Assert.Equal(200, reply.Status);
        Assert.NotNull(reply.Body[field]);
        Assert.InRange(await _sidecar.AssertPaidAsBilledAsync(_agent), 15, held.Single());
        Assert.Equal(_sidecar.Provider.Bill.TotalMicrocents, reply.ChargedMicrocents);
    }

    [Fact]
    public async Task Answer_ThatTellsNoUsage_CostsWhatWasHeld()
    {
        var held = _sidecar.WatchHolds(_agent);
        _sidecar.Provider.Behaviour = new Behaviour { OmitUsage = true };
        var reply = await _sidecar.AskAsync(One, _agent, Text);

        Assert.Equal((200, held.Single()), (reply.Status, await _sidecar.SpentAsync(_agent)));
        Assert.InRange(_sidecar.Provider.Bill.TotalMicrocents, 1, held.Single());
    }

    [Fact]
    public async Task Batch_IsHeldForAsAWhole()
    {
        var held = _sidecar.WatchHolds(_agent);
        var text = string.Concat(Enumerable.Repeat("word ", 2_000));
        var requests = string.Join(',', Enumerable.Repeat($$$"""{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"{{{text}}}"}]} }""", 20));
        var reply = await _sidecar.AskAsync(Batch, _agent, $$"""{"requests":[{{requests}}]}""");

        Assert.Equal(200, reply.Status);
        Assert.InRange(await _sidecar.AssertPaidAsBilledAsync(_agent), 20 * 2_000 * 15, held.Single());
    }

    [Theory]
    [InlineData(One, """{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}}""", "Field 'content.parts[].inlineData' is refused")]
    [InlineData(One, """{"content":{"parts":[{"file_data":{"fileUri":"https://example.com"}}]}}""", "Field 'content.parts[].fileData' is refused")]
    [InlineData(One, """{"content":{"parts":[{"text":"Hi"}]},"embedContentConfig":{"documentOcr":true}}""", "Field 'embedContentConfig.documentOcr' is refused")]
    [InlineData(One, """{"content":{"parts":[{"text":"Hi"}]},"tools":[]}""", "Field 'tools' is not known")]
    [InlineData(One, """{"title":"Hi"}""", "'content' is missing")]
    [InlineData(One, """{"model":"models/gemini-2.5-pro","content":{"parts":[{"text":"Hi"}]}}""", "'model' is 'models/gemini-2.5-pro'")]
    [InlineData(Batch, """{"content":{"parts":[{"text":"Hi"}]}}""", "Field 'content' is not known")]
    [InlineData(Batch, """{}""", "'requests' is missing")]
    [InlineData(Batch, """{"requests":[{"model":"models/gemini-2.5-pro","content":{"parts":[{"text":"Hi"}]}}]}""", "'model' is 'models/gemini-2.5-pro'")]
    [InlineData("/v1beta/models/text-embedding-999:embedContent", """{"content":{"parts":[{"text":"Hi"}]}}""", "Unknown model for pricing")]
    [InlineData(One + "?alt=sse", Text, "Only JSON answers can be metered")]
    public async Task Request_WithoutABound_IsRefused(string path, string body, string sentence)
    {
        var reply = await _sidecar.AskAsync(path, _agent, body);

        Assert.Equal(400, reply.Status);
        Assert.StartsWith(sentence, (string?)reply.Body["detail"], StringComparison.Ordinal);
        Assert.Equal("INVALID_ARGUMENT", (string?)reply.Body["error"]!["status"]);
        await _sidecar.AssertNothingHappenedAsync(_agent);
    }
}
