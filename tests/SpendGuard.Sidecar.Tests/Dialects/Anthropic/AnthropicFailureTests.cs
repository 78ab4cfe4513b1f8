using System.Text;
using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects.Anthropic;

/// <summary>Errors and broken answers: what is known not to be billed is free, what is unknown costs the hold.</summary>
public sealed class AnthropicFailureTests : IAsyncLifetime
{
    private const string Stream =
        """{ "model": "claude-sonnet-5", "max_tokens": 64, "stream": true, "messages": [{ "role": "user", "content": "hello world" }] }""";

    private const string Whole = """{ "model": "claude-sonnet-5", "max_tokens": 64, "messages": [{ "role": "user", "content": "hello world" }] }""";

    private SidecarFixture _fixture = null!;
    private string _agent = null!;
    private long _held;

    public async Task InitializeAsync()
    {
        _fixture = await SidecarFixture.StartAsync();
        _agent = await _fixture.AgentAsync(cents: 100);
        _fixture.Provider.OnArrival = async _ => _held = (await _fixture.BudgetAsync(_agent))!.Held;
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Error_OfTheProvider_PassesUnchanged_AndIsFree()
    {
        _fixture.Provider.Behaviour = new() { FailWithStatus = 429, RetryAfter = TimeSpan.FromSeconds(7) };
        var reply = await PostAsync(Whole);

        Assert.Equal(429, reply.Status);
        Assert.Equal("7", reply.Headers["Retry-After"]);
        var expected = """{"type":"error","error":{"type":"rate_limit_error","message":"The simulated provider was told to answer 429."},"request_id":"req_simulated"}""";
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), reply.Body));
        await _fixture.AssertChargedAsync(_agent, 0, SidecarFixture.AnthropicKey);
    }

    [Fact]
    public async Task Client_GoneInMidStream_TheRestIsReadAndSettled()
    {
        _fixture.Provider.Behaviour = new() { OutputTokens = 40, DelayBetweenEvents = TimeSpan.FromMilliseconds(2) };
        using (var response = await StartStreamAsync())
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            Assert.True(await body.ReadAsync(new byte[64]) > 0);
        }

        await _fixture.AssertChargedAsync(_agent, (9 * 200) + (40 * 1000), SidecarFixture.AnthropicKey);
    }

    [Fact]
    public async Task Stream_CutByTheProvider_CostsTheHold()
    {
        _fixture.Provider.Behaviour = new() { CutAfterEvents = 6 };
        using var response = await StartStreamAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync());

        await AssertForfeitedAsync();
    }

    [Fact]
    public async Task Stream_EndedByAnErrorEvent_CostsTheHold_NotThePlaceholder()
    {
        _fixture.Provider.Behaviour = new() { FailAfterEvents = 6 };
        using var response = await StartStreamAsync();
        var text = await response.Content.ReadAsStringAsync();

        Assert.Contains("overloaded_error", text, StringComparison.Ordinal);
        await AssertForfeitedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Usage_LeftOut_CostsTheHold(bool streams)
    {
        _fixture.Provider.Behaviour = new() { OmitUsage = true };
        var reply = await PostAsync(streams ? Stream : Whole);

        Assert.Equal(200, reply.Status);
        await AssertForfeitedAsync();
    }

    [Fact]
    public async Task Connection_CutBeforeTheAnswer_CostsTheHold_AndIs502()
    {
        _fixture.Provider.Behaviour = new() { CutBeforeHeaders = true };
        var reply = await PostAsync(Whole);

        Assert.Equal(502, reply.Status);
        Assert.Equal("api_error", (string?)reply.Body["error"]!["type"]);
        await AssertForfeitedAsync();
    }

    [Fact]
    public async Task CountTokens_WithoutAnAnswer_Is502()
    {
        _fixture.Provider.OnArrival = null;
        _fixture.Provider.Behaviour = new() { CutBeforeHeaders = true };
        var reply = await _fixture.AskAsync("v1/messages/count_tokens", agent: null, Whole);

        Assert.Equal(502, reply.Status);
        Assert.Equal("No answer came from anthropic.", (string?)reply.Body["detail"]);
        Assert.Equal(0, await _fixture.SpentAsync(_agent));
    }

    private async Task AssertForfeitedAsync()
    {
        Assert.Equal(_held, await _fixture.SpentAsync(_agent));
        Assert.InRange(_fixture.Provider.Bill.TotalMicrocents, 1, _held);
    }

    private Task<Reply> PostAsync(string json) => _fixture.AskAsync("v1/messages", _agent, json);

    private async Task<HttpResponseMessage> StartStreamAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/messages", UriKind.Relative));
        request.Content = new StringContent(Stream, Encoding.UTF8, "application/json");
        return await _fixture.As(_agent).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
