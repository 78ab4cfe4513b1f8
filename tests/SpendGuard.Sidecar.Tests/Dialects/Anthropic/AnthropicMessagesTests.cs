using System.Text.Json;
using Anthropic;
using Anthropic.Models.Messages;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects.Anthropic;

/// <summary>Anthropic's own client through the sidecar.</summary>
public sealed class AnthropicMessagesTests : IAsyncLifetime
{
    private SidecarFixture _fixture = null!;
    private AnthropicClient _client = null!;
    private string _agent = null!;

    public async Task InitializeAsync()
    {
        _fixture = await SidecarFixture.StartAsync();
        _agent = await _fixture.AgentAsync(cents: 1_000);
        _client = AnthropicSdk.For(_fixture, _agent);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task Message_BudgetLosesWhatTheProviderCharges()
    {
        var answer = await _client.Messages.Create(Question());

        Assert.Equal((9, 16), (answer.Usage.InputTokens, answer.Usage.OutputTokens));
        await ChargedAsync((9 * 200) + (16 * 1000));
    }

    [Fact]
    public async Task Message_ServiceTierAndPlaceArePinned()
    {
        SimulatedRequest? seen = null;
        _fixture.Provider.OnArrival = request =>
        {
            seen = request;
            return Task.CompletedTask;
        };
        await _client.Messages.Create(Question());

        Assert.Equal("standard_only", (string?)seen!.Body["service_tier"]);
        Assert.Equal("global", (string?)seen.Body["inference_geo"]);
        Assert.Equal(SidecarFixture.AnthropicKey, seen.Headers["x-api-key"]);
        Assert.False(seen.Headers.ContainsKey("x-cynsta-agent-id"));
    }

    [Fact]
    public async Task Message_ThinkingIsWithinTheOutput()
    {
        _fixture.Provider.Behaviour = new() { OutputTokens = 15, ReasoningTokens = 10 };
        await _client.Messages.Create(Question());

        await ChargedAsync((9 * 200) + (15 * 1000));
    }

    [Fact]
    public async Task Stream_SettlesBeforeTheLastEvent_AndTheClientSkipsTheComment()
    {
        _fixture.Provider.Behaviour = new() { CachedInputTokens = 4 };
        var text = "";
        long charged = 0;
        await foreach (var next in _client.Messages.CreateStreaming(Question()))
        {
            if (next.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece))
            {
                text += piece.Text;
            }
            else if (next.TryPickStop(out _))
            {
                charged = (await _fixture.BudgetAsync(_agent))!.Spent;
            }
        }

        Assert.Equal(string.Concat(Enumerable.Repeat(" ok", 16)), text);
        Assert.Equal((5 * 200) + (4 * 20) + (16 * 1000), charged);
        await ChargedAsync(charged);
    }

    [Fact]
    public async Task Tools_AreBoundedAndCalled()
    {
        _fixture.Provider.Behaviour = Behaviour.CallTool("search", """{"query":"x"}""");
        var answer = await _client.Messages.Create(Question() with
        {
            MaxTokens = 100,
            Tools = [new Tool { Name = "search", Description = "Finds things.", InputSchema = Schema() }],
        });

        Assert.Equal("tool_use", answer.StopReason!.Raw());
        await ChargedAsync(Assert.Single(_fixture.Provider.Calls).ChargeMicrocents);
    }

    [Theory]
    [InlineData("5m", 250)]
    [InlineData("1h", 400)]
    public async Task CacheControl_IsHeldAndBilledByItsLifetime(string life, long rate)
    {
        var answer = await _client.Messages.Create(Question() with
        {
            System = new List<TextBlockParam>
            {
                new() { Text = "hello world", CacheControl = new() { Ttl = life == "1h" ? Ttl.Ttl1h : Ttl.Ttl5m } },
            },
        });

        var written = answer.Usage.CacheCreationInputTokens!.Value;
        Assert.Equal(5, written);
        await ChargedAsync((written * rate) + (answer.Usage.InputTokens * 200) + (16 * 1000));
    }

    [Fact]
    public async Task CacheControl_OfAnHour_StreamsWithoutASplitInTheLastReport()
    {
        await foreach (var _ in _client.Messages.CreateStreaming(Question() with
        {
            System = new List<TextBlockParam> { new() { Text = "hello world", CacheControl = new() { Ttl = Ttl.Ttl1h } } },
        }))
        {
        }

        await ChargedAsync(Assert.Single(_fixture.Provider.Calls).ChargeMicrocents);
    }

    [Fact]
    public async Task CountTokens_IsFree_AndNeedsNoAgent()
    {
        using var client = new AnthropicClient { BaseUrl = _fixture.Client.BaseAddress!.ToString(), ApiKey = "the caller's own", MaxRetries = 0 };
        var count = await client.Messages.CountTokens(new() { Model = "claude-sonnet-5", Messages = [new UserMessageParam("hello world")] });

        Assert.Equal(9, count.InputTokens);
        Assert.Equal(SidecarFixture.AnthropicKey, Assert.Single(_fixture.Provider.Calls).Caller);
        await ChargedAsync(0);
    }

    [Fact]
    public async Task OutputCap_IsWhatTheBudgetPaysFor()
    {
        var poor = await _fixture.AgentAsync(cents: 2);
        _fixture.Provider.Behaviour = new() { GenerateToTheCap = true };
        var reply = await _fixture.AskAsync("v1/messages", poor, """
            { "model": "claude-sonnet-5", "max_tokens": 100000, "messages": [{ "role": "user", "content": "hello world" }] }
            """);

        Assert.Equal(200, reply.Status);
        var cap = Assert.Single(_fixture.Provider.Calls).MaxOutputTokens;
        Assert.Equal(cap.ToString(), reply.Headers["x-spendguard-output-cap"]);
        Assert.InRange(_fixture.Provider.Bill.TotalMicrocents, 1, 2_000_000);
        await _fixture.AssertChargedAsync(poor, reply.ChargedMicrocents, SidecarFixture.AnthropicKey);
    }

    [Fact]
    public async Task OutputCap_LeftOut_IsTheModelsMaximum()
    {
        var reply = await _fixture.AskAsync("v1/messages", await _fixture.AgentAsync(cents: 100_000), """
            { "model": "claude-haiku-4-5", "messages": [{ "role": "user", "content": "hello world" }] }
            """);

        Assert.Equal(200, reply.Status);
        Assert.Equal(64_000, Assert.Single(_fixture.Provider.Calls).MaxOutputTokens);
    }

    internal static MessageCreateParams Question() => new()
    {
        Model = "claude-sonnet-5",
        MaxTokens = 16,
        Messages = [new UserMessageParam("hello world")],
    };

    private static InputSchema Schema() => new()
    {
        Properties = new Dictionary<string, JsonElement> { ["query"] = JsonDocument.Parse("""{"type":"string"}""").RootElement },
    };

    private Task ChargedAsync(long microcents) => _fixture.AssertChargedAsync(_agent, microcents, SidecarFixture.AnthropicKey);
}
