using System.ClientModel;
using System.ClientModel.Primitives;
using Anthropic;
using Anthropic.Models.Messages;
using Microsoft.Extensions.Time.Testing;
using OpenAI;
using OpenAI.Chat;
using SpendGuard.Sidecar.Testing;
using SpendGuard.Storage;
using SpendGuard.Testing;

namespace SpendGuard.Sidecar.Tests.Calls;

/// <summary>The provider has answered and billed, and the store cannot commit what it cost. The client has its answer; one that tries again pays twice.</summary>
public sealed class PendingSettlementTests : IAsyncLifetime
{
    private const string Ask = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}""";
    private const string AskForStream = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":100,"stream":true}""";
    private const string AskClaude = """{"model":"claude-sonnet-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}""";
    private const string AskGemini = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":100}}""";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly DoubtfulStore _store = new(new InMemoryBudgetStore());
    private SidecarFixture _sidecar = null!;
    private string _agent = "";

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartOnAsync(_store, _time);
        _agent = await _sidecar.AgentAsync(maxInFlight: 8);
        _store.OfCommand = kind => kind == "Reserve" ? Fate.Answered : Fate.Lost;
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData("/v1/chat/completions", Ask)]
    [InlineData("/v1/chat/completions", AskForStream)]
    [InlineData("/v1/messages", AskClaude)]
    [InlineData("/v1beta/models/gemini-2.5-flash:generateContent", AskGemini)]
    [InlineData("/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", AskGemini)]
    [InlineData("/v1/agents/{agent}/runs/r/openai/chat/completions", Ask)]
    public async Task Answer_IsTheClients_AndSaysThatItIsPending(string path, string body)
    {
        var reply = await _sidecar.AskAsync(path.Replace("{agent}", _agent, StringComparison.Ordinal), _agent, body);

        Assert.Equal(200, reply.Status);
        if (reply.Headers.TryGetValue("x-spendguard-settlement", out var state))
        {
            Assert.Equal("pending", state);
            Assert.Equal(_sidecar.Provider.Bill.TotalMicrocents, reply.ChargedMicrocents);
            Assert.False(reply.Headers.ContainsKey("x-spendguard-remaining-cents"));
        }
        else if (path.Contains("chat", StringComparison.Ordinal))
        {
            Assert.Contains(
                $": x-spendguard-charged-microcents={_sidecar.Provider.Bill.TotalMicrocents} x-spendguard-settlement=pending\n\n", reply.Text, StringComparison.Ordinal);
        }

        await AssertSettledLaterAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OpenAIClient_WithItsOwnRetries_PaysOnce(bool stream)
    {
        var client = new ChatClient("gpt-4o", new ApiKeyCredential("unused"), Options());

        if (stream)
        {
            var parts = new List<StreamingChatCompletionUpdate>();
            await foreach (var part in client.CompleteChatStreamingAsync([new UserChatMessage("Hi")]))
            {
                parts.Add(part);
            }

            Assert.NotEmpty(parts);
        }
        else
        {
            Assert.NotEmpty((await client.CompleteChatAsync([new UserChatMessage("Hi")])).Value.Content);
        }

        await AssertSettledLaterAsync();
    }

    [Fact]
    public async Task AnthropicClient_WithItsOwnRetries_PaysOnce()
    {
        using var http = _sidecar.As(_agent);
        var client = new AnthropicClient { BaseUrl = _sidecar.Address, ApiKey = "unused", HttpClient = http };

        var message = await client.Messages.Create(new MessageCreateParams
        {
            Model = "claude-sonnet-5",
            MaxTokens = 100,
            Messages = [new UserMessageParam("Hi")],
        });

        Assert.NotEmpty(message.Content);
        await AssertSettledLaterAsync();
    }

    [Fact]
    public async Task DryRun_ThatIsNotReleasedYet_SaysWhatIsTrue()
    {
        var reply = await _sidecar.AskAsync($"/v1/agents/{_agent}/dry-run", _agent, """{"model":"gpt-4o"}""");

        Assert.Equal(503, reply.Status);
        Assert.Contains("Nothing was charged", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was written", reply.Text, StringComparison.Ordinal);
        _store.OfCommand = _ => Fate.Answered;
        await Eventually.HoldsAsync(async () => (await _sidecar.BudgetAsync(_agent))!.InFlight == 0, () => _time.Advance(TimeSpan.FromSeconds(1)));
    }

    private OpenAIClientOptions Options()
    {
        var options = new OpenAIClientOptions { Endpoint = _sidecar.OpenAIEndpoint };
        options.AddPolicy(new AsAgent(_agent), PipelinePosition.PerCall);
        return options;
    }

    private async Task AssertSettledLaterAsync()
    {
        Assert.Single(_sidecar.Provider.Calls);
        Assert.Equal((1, 0), ((await _sidecar.BudgetAsync(_agent))!.InFlight, (await _sidecar.BudgetAsync(_agent))!.Spent));
        _store.OfCommand = _ => Fate.Answered;
        await Eventually.HoldsAsync(async () => (await _sidecar.BudgetAsync(_agent))!.InFlight == 0, () => _time.Advance(TimeSpan.FromSeconds(1)));
        await _sidecar.AssertPaidAsBilledAsync(_agent);
        Assert.Single(_sidecar.Provider.Calls);
    }

    private sealed class AsAgent(string agent) : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Set("x-cynsta-agent-id", agent);
            ProcessNext(message, pipeline, currentIndex);
        }

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Set("x-cynsta-agent-id", agent);
            return ProcessNextAsync(message, pipeline, currentIndex);
        }
    }
}
