using System.ClientModel;
using Anthropic;
using Anthropic.Models.Messages;
using OpenAI;
using OpenAI.Chat;
using SpendGuard.Sidecar.Tests.Access;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Clients;

/// <summary>The vendors' own packages with a base URL and an agent's key and nothing else: five calls at once on a new agent, five answers.</summary>
public sealed class KeyOnlyClientTests : IAsyncLifetime
{
    private const int Calls = 5;

    private readonly TaskCompletionSource _allThere = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _arrived;
    private SidecarFixture _sidecar = null!;
    private string _agent = null!;
    private string _key = null!;

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartAsync();
        _agent = await _sidecar.CreateAgentAsync();
        _key = await _sidecar.CreateKeyAsync(_agent);

        // None is answered before all are there: they are in flight at once, or the test does not end well.
        _sidecar.Provider.OnArrival = async _ =>
        {
            if (Interlocked.Increment(ref _arrived) == Calls)
            {
                _allThere.SetResult();
            }

            await _allThere.Task.WaitAsync(TimeSpan.FromMinutes(1));
        };
        _sidecar.Provider.Behaviour = Behaviour.Say("Done.");
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData("openai", "parallel")]
    [InlineData("openai", "parallelResponses")]
    [InlineData("anthropic", "parallel")]
    [InlineData("google", "parallel")]
    [Trait(Traits.Category, Traits.Slow)]
    [Trait(Traits.Needs, Traits.Node)]
    public async Task NpmPackage_FiveCallsAtOnce_HasFiveAnswers(string script, string call)
    {
        var seen = Assert.Single(await NpmClient.RunAsync(script, _sidecar, _agent, [call], maxRetries: null, ("SPENDGUARD_API_KEY", _key)));

        Assert.True(seen.Error is null, $"{seen.Error} {seen.Message}");
        Assert.Equal("5 answers", seen.Text);
        await AssertFiveAsync();
    }

    [Fact]
    public async Task OpenAIPackage_FiveCallsAtOnce_HasFiveAnswers()
    {
        var client = new ChatClient("gpt-4o", new ApiKeyCredential(_key), new OpenAIClientOptions { Endpoint = _sidecar.OpenAIEndpoint });

        var answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ =>
            client.CompleteChatAsync([new UserChatMessage("Hi")], new ChatCompletionOptions { MaxOutputTokenCount = 100 })));

        Assert.All(answers, answer => Assert.Equal("Done.", answer.Value.Content[0].Text));
        await AssertFiveAsync();
    }

    [Fact]
    public async Task AnthropicPackage_FiveCallsAtOnce_HasFiveAnswers()
    {
        var client = new AnthropicClient { BaseUrl = _sidecar.Address, ApiKey = _key };

        var answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => client.Messages.Create(
            new MessageCreateParams { Model = "claude-sonnet-5", MaxTokens = 100, Messages = [new UserMessageParam("Hi")] })));

        Assert.Equal(Calls, answers.Count(answer => answer.Usage.OutputTokens > 0));
        await AssertFiveAsync();
    }

    /// <summary>Each was sent once, and the agent paid what was billed.</summary>
    private async Task AssertFiveAsync()
    {
        Assert.Equal(Enumerable.Repeat(200, Calls), _sidecar.Watch.Calls.Select(call => call.Status));
        Assert.True(await _sidecar.AssertPaidAsBilledAsync(_agent) > 0);
    }
}
