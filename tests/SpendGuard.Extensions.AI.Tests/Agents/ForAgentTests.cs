using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests.Agents;

/// <summary>Whose call it is, in iterators and in streams that are read elsewhere than they were asked for.</summary>
public sealed class ForAgentTests : IAsyncLifetime
{
    private Guarded _guarded = null!;
    private IChatClient _shared = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        foreach (var agent in (string[])["alice", "bob", "default"])
        {
            await _guarded.SetBudgetAsync(Money.FromDollars(1), agent);
        }

        _shared = _guarded.Chat(agent: "default");
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InAnIterator_EveryCallIsTheAgents(bool stream)
    {
        await foreach (var answer in AnswersAsync(_shared.ForAgent("alice", "nightly")))
        {
            Assert.NotEmpty(answer);
        }

        await AssertOfAsync("alice alice alice alice", "nightly");

        async IAsyncEnumerable<string> AnswersAsync(IChatClient chat)
        {
            for (var call = 0; call < 4; call++)
            {
                yield return (await chat.AskAsync("hello", stream)).Text;
            }
        }
    }

    /// <summary>No call can tell a scope that was lost from one that was never opened: it is told when the iterator ends, or is left.</summary>
    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 4)]
    [InlineData(false, 2)]
    public async Task ScopeIsLostInAnIterator_CallsAreTheClients_AndTheReaderIsTold(bool stream, int read)
    {
        var answers = 0;
        var told = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var answer in LosingAsync(_shared, stream))
            {
                if (++answers == read)
                {
                    break;
                }
            }
        });

        Assert.Equal(read, answers);
        Assert.Contains("agent 'alice'", told.Message, StringComparison.Ordinal);
        Assert.Contains("ForAgent", told.Message, StringComparison.Ordinal);
        await AssertOfAsync("alice" + string.Concat(Enumerable.Repeat(" default", read - 1)));
    }

    /// <summary>A client that has no agent of its own counts a call for nobody else: after a lost scope, nothing is sent.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ScopeIsLostInAnIterator_OfAClientWithoutAnAgent_NothingMoreIsSent(bool stream)
    {
        var scopesOnly = _guarded.Completions().AsBuilder().UseSpendGuard(() => null, _guarded.Engine).Build();
        var answers = 0;
        var told = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var answer in LosingAsync(scopesOnly, stream))
            {
                answers++;
            }
        });

        Assert.Equal(1, answers);
        Assert.Contains("ForAgent", told.Message, StringComparison.Ordinal);
        await AssertOfAsync("alice");

        var refusal = await Assert.ThrowsAsync<UnidentifiedAgentException>(() => scopesOnly.AskAsync("hello", stream));
        Assert.Contains("ForAgent", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The loop asks the model again between two updates, in the flow of whoever reads.</summary>
    [Fact]
    public async Task ToolLoopInAStream_ReadWithinTheScopeOfAnother_EveryCallIsTheAgents()
    {
        _guarded.Provider.Behaviour = Behaviour.CallTool("look", "{}");
        var chat = _shared.AsBuilder().UseFunctionInvocation().Build().ForAgent("alice");
        var whose = new List<string?>();
        var look = AIFunctionFactory.Create(() => whose.Add(SpendGuardScope.Current?.Agent?.Value), "look");
        var updates = chat.GetStreamingResponseAsync("hello", new ChatOptions { Tools = [look] });
        using (SpendGuardScope.Begin("bob"))
        {
            await foreach (var update in updates)
            {
                Assert.Equal("bob", SpendGuardScope.Current?.Agent?.Value);
            }
        }

        Assert.Equal(["alice"], whose);
        await AssertOfAsync("alice alice");
    }

    [Fact]
    public async Task StreamsInParallel_EachIsItsAgents()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            var chat = _shared.ForAgent(i % 2 == 0 ? "alice" : "bob");
            await foreach (var update in chat.GetStreamingResponseAsync("hello", new ChatOptions { MaxOutputTokens = 100 }))
            {
                await Task.Yield();
            }
        }));

        var settled = (await _guarded.LedgerAsync()).Where(entry => entry.Kind == LedgerEntryKind.Settled).ToList();
        Assert.Equal(20, settled.Count(entry => entry.Agent == "alice"));
        Assert.Equal(20, settled.Count(entry => entry.Agent == "bob"));
    }

    [Fact]
    public async Task ForAgent_IsDisposedOf_TheSharedClientIsNot()
    {
        var disposed = false;
        var leaf = new Disposable(_guarded.Completions(), () => disposed = true);
        var shared = _guarded.Guard(leaf, configure: client => client.AllowedFeatures.Add(nameof(Disposable)));
        shared.ForAgent("alice").Dispose();
        _guarded.Embeddings().AsBuilder().UseSpendGuard("default", _guarded.Engine).Build().ForAgent("alice").Dispose();
        await shared.ForAgent("alice").GetResponseAsync("hello");

        Assert.False(disposed);
        await AssertOfAsync("alice");
    }

    [Fact]
    public async Task Embeddings_AreTheAgents()
    {
        var generator = _guarded.Embeddings().AsBuilder().UseSpendGuard("default", _guarded.Engine).Build().ForAgent("bob");
        await generator.GenerateAsync(["hello"]);

        await AssertOfAsync("bob");
    }

    /// <summary>The scope that counts is the one around the call; where and when its stream is read makes no difference.</summary>
    [Fact]
    public async Task ScopeAroundTheCall_StreamIsReadAfterIt_IsTheScopes()
    {
        IAsyncEnumerable<ChatResponseUpdate> updates;
        using (SpendGuardScope.Begin("alice", "nightly"))
        {
            updates = _shared.GetStreamingResponseAsync("hello");
        }

        using (SpendGuardScope.Begin("bob"))
        {
            await updates.ToChatResponseAsync();
        }

        await AssertOfAsync("alice", "nightly");
    }

    [Fact]
    public async Task ScopeAroundTheReadingOnly_IsTheClients()
    {
        var updates = _shared.GetStreamingResponseAsync("hello");
        using (SpendGuardScope.Begin("bob"))
        {
            await updates.ToChatResponseAsync();
        }

        await AssertOfAsync("default");
    }

    private static async IAsyncEnumerable<string> LosingAsync(IChatClient chat, bool stream)
    {
        using var scope = SpendGuardScope.Begin("alice");
        for (var call = 0; call < 4; call++)
        {
            yield return (await chat.AskAsync("hello", stream, new ChatOptions { MaxOutputTokens = 10 })).Text;
        }
    }

    private async Task AssertOfAsync(string agents, string? run = null)
    {
        var settled = (await _guarded.LedgerAsync()).Where(entry => entry.Kind == LedgerEntryKind.Settled).ToList();
        Assert.Equal(agents, string.Join(' ', settled.Select(entry => entry.Agent!.Value.Value)));
        Assert.All(settled, entry => Assert.Equal(run, entry.Run?.Value));
        await _guarded.AssertPaidAsBilledAsync();
    }

    private sealed class Disposable(IChatClient inner, Action dispose) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            inner.GetResponseAsync(messages, options, cancellationToken);

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            inner.GetStreamingResponseAsync(messages, options, cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) => inner.GetService(serviceType, serviceKey);

        public void Dispose()
        {
            dispose();
            inner.Dispose();
        }
    }
}
