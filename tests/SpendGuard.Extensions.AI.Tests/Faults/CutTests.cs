using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Extensions.AI.Tests.Adapters;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests.Faults;

/// <summary>A pause cuts the calls of a process: their callers are told by an exception that is no cancellation, and the budget pays for what was billed.</summary>
public sealed class CutTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly PausedNode Team = new("team-red", new Pause("ops", "runaway loop", new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero)));
    private static readonly ChatOptions Options = new() { MaxOutputTokens = 100 };

    private readonly TaskCompletionSource _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CallbackStore _callbacks = null!;
    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _callbacks = new CallbackStore(new InMemoryBudgetStore());
        _guarded = await Guarded.StartOnAsync(_callbacks);
        await _guarded.SetBudgetAsync(Money.FromDollars(1_000));
    }

    public async Task DisposeAsync()
    {
        _goesOn.TrySetResult();
        await _guarded.DisposeAsync();
    }

    [Theory]
    [InlineData("chat", true)]
    [InlineData("responses", true)]
    [InlineData("messages", true)]
    [InlineData("chat", false)]
    [InlineData("responses", false)]
    [InlineData("messages", false)]
    public async Task StreamInFlight_EndsWithTheReason_WhetherItsConsumerWaitsOrNot(string api, bool waits)
    {
        _guarded.Provider.Behaviour = new Behaviour { DelayBetweenEvents = TimeSpan.FromDays(1), GenerateToTheCap = true };
        await using var updates = _guarded.Guard(_guarded.Leaf(api)).GetStreamingResponseAsync("hello", Options).GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        var next = waits ? updates.MoveNextAsync().AsTask() : null;

        Assert.Equal(1, Pause());

        // The provider sees it, and the ledger has it, before the consumer asks again.
        await _guarded.Provider.WhenIdleAsync().WaitAsync(Patience);
        var end = await _guarded.EndAsync().WaitAsync(Patience);
        var refusal = await Assert.ThrowsAsync<NodePausedException>(() => (next ?? updates.MoveNextAsync().AsTask()).WaitAsync(Patience));
        AssertCut(refusal, end);
        Assert.False(Assert.Single(_guarded.Provider.Calls).Finished);
    }

    [Fact]
    public async Task StreamThatHasNotBegun_EndsWithTheReason()
    {
        _guarded.Provider.Behaviour = new Behaviour { Hang = true, GenerateToTheCap = true };
        await using var updates = _guarded.Chat().GetStreamingResponseAsync("hello", Options).GetAsyncEnumerator();
        var first = updates.MoveNextAsync().AsTask();
        await Eventually.HoldsAsync(() => _guarded.Provider.Bill.BilledCalls == 1);

        Assert.Equal(1, Pause());

        var refusal = await Assert.ThrowsAsync<NodePausedException>(() => first.WaitAsync(Patience));
        await _guarded.Provider.WhenIdleAsync().WaitAsync(Patience);
        AssertCut(refusal, await _guarded.EndAsync());
    }

    /// <summary>An adapter that listens to no token is not waited for; what it has told by then is charged.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamThatListensToNoToken_EndsByWhatWasTold(bool waits)
    {
        var told = new ChatResponseUpdate { Contents = [new UsageContent(new UsageDetails { InputTokenCount = 100, OutputTokenCount = 90_000, TotalTokenCount = 90_100 })] };
        var shaped = new ShapedClient("anthropic", "claude-sonnet-5", breaks: false, new ChatResponseUpdate(ChatRole.Assistant, "All right"), told) { After = _goesOn.Task };
        await using var updates = _guarded.Guard(shaped).GetStreamingResponseAsync("hello", Options).GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        Assert.True(await updates.MoveNextAsync());
        var next = waits ? updates.MoveNextAsync().AsTask() : null;

        Assert.Equal(1, Pause());

        var refusal = await Assert.ThrowsAsync<NodePausedException>(() => (next ?? updates.MoveNextAsync().AsTask()).WaitAsync(Patience));
        var end = await _guarded.EndAsync();
        Assert.Equal((LedgerEntryKind.Forfeited, (100 * 200) + (90_000 * 1_000)), (end.Kind, end.Amount.Microcents));
        AssertCut(refusal, end);
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("messages")]
    public async Task CallInFlight_EndsWithTheReason(string api)
    {
        _guarded.Provider.Behaviour = new Behaviour { Hang = true, GenerateToTheCap = true };
        var call = _guarded.Guard(_guarded.Leaf(api)).GetResponseAsync("hello", Options);
        await Eventually.HoldsAsync(() => _guarded.Provider.Bill.BilledCalls == 1);

        Assert.Equal(1, Pause());

        var refusal = await Assert.ThrowsAsync<NodePausedException>(() => call.WaitAsync(Patience));
        await _guarded.Provider.WhenIdleAsync().WaitAsync(Patience);
        AssertCut(refusal, await _guarded.EndAsync());
    }

    /// <summary>A paid answer that is there all the same is the caller's.</summary>
    [Fact]
    public async Task CallThatIsAnsweredAllTheSame_IsTheCallers()
    {
        var usage = new ChatResponseUpdate(ChatRole.Assistant, "All right") { ModelId = "claude-sonnet-5" };
        usage.Contents.Add(new UsageContent(new UsageDetails { InputTokenCount = 100, OutputTokenCount = 5, TotalTokenCount = 105 }));
        var shaped = new AnsweringClient(new ChatClientMetadata("anthropic", defaultModelId: "claude-sonnet-5"), () =>
        {
            Assert.Equal(1, Pause());
            return new[] { usage }.ToChatResponse();
        });

        var response = await _guarded.Guard(shaped).GetResponseAsync("hello", Options);

        Assert.Equal("All right", response.Text);
        var end = await _guarded.EndAsync();
        Assert.Equal((LedgerEntryKind.Settled, (100 * 200) + (5 * 1_000)), (end.Kind, end.Amount.Microcents));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CallWhoseHoldIsBeingMade_IsNotSent(bool streams)
    {
        _callbacks.OnReserved = () => Assert.Equal(0, Pause());

        var refusal = await Assert.ThrowsAsync<NodePausedException>(() => CallAsync(_guarded.Chat(), streams));

        Assert.False(refusal.WasCut);
        await AssertNothingSentAsync();
    }

    /// <summary>The last moment before a connection takes the request.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CallThatIsAboutToBeSent_IsNot(bool streams)
    {
        var requests = 0;
        using var listener = OnRequest(() =>
        {
            if (++requests == 2)
            {
                Assert.Equal(1, Pause());
            }
        });

        // That the client sends by .NET's handler is known once it has done so.
        var client = _guarded.Chat();
        await client.GetResponseAsync("hello", Options);

        await Assert.ThrowsAsync<NodePausedException>(() => CallAsync(client, streams));

        Assert.Single(_guarded.Provider.Calls);
        await _guarded.AssertPaidAsBilledAsync();
    }

    /// <summary>A retry of a call that was cut between its attempts is not sent, and the attempt before is paid for.</summary>
    [Fact]
    public async Task FurtherAttemptOfACallThatWasCut_IsNotSent()
    {
        _guarded.Provider.Behaviour = new Behaviour { FailWithStatus = 500, BillFailures = true, GenerateToTheCap = true };
        var requests = 0;
        using var listener = OnRequest(() =>
        {
            if (++requests == 2)
            {
                Assert.Equal(1, Pause());
            }
        });

        var refusal = await Assert.ThrowsAsync<NodePausedException>(() => _guarded.Guard(_guarded.Completions(retries: 3)).GetResponseAsync("hello", Options));

        Assert.Single(_guarded.Provider.Calls);
        AssertCut(refusal, await _guarded.EndAsync());
    }

    /// <summary>Its consumer has gone, and the rest is read for the account only: a paused agent's is not read on.</summary>
    [Fact]
    public async Task StreamThatIsDrained_IsCut()
    {
        _guarded.Provider.Behaviour = new Behaviour { DelayBetweenEvents = TimeSpan.FromDays(1), GenerateToTheCap = true };
        await using (var updates = _guarded.Chat().GetStreamingResponseAsync("hello", Options).GetAsyncEnumerator())
        {
            Assert.True(await updates.MoveNextAsync());
        }

        Assert.Equal(1, Pause());

        await _guarded.Provider.WhenIdleAsync().WaitAsync(Patience);
        await _guarded.EndAsync();
        Assert.InRange(_guarded.Provider.Bill.TotalMicrocents, 1, (await _guarded.BudgetAsync()).Spent.Microcents);
    }

    /// <summary>Who cancels is told of the token that was cancelled, and of no pause.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CallThatItsCallerCancels_IsCancelledByThatToken(bool streams)
    {
        _guarded.Provider.Behaviour = new Behaviour { Hang = true };
        using var stop = new CancellationTokenSource();
        var call = CallAsync(_guarded.Chat(), streams, stop.Token);
        await Eventually.HoldsAsync(() => _guarded.Provider.Bill.BilledCalls == 1);

        await stop.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Patience));
        Assert.Equal(stop.Token, cancelled.CancellationToken);
    }

    private static async Task CallAsync(IChatClient client, bool streams, CancellationToken cancellationToken = default)
    {
        if (!streams)
        {
            await client.GetResponseAsync("hello", Options, cancellationToken);
            return;
        }

        await foreach (var _ in client.GetStreamingResponseAsync("hello", Options, cancellationToken))
        {
            // It is read to its end.
        }
    }

    private int Pause() => _guarded.Engine.Cut(held => held.Agent == "a" ? Team : null);

    private void AssertCut(NodePausedException refusal, LedgerEntry end)
    {
        Assert.True(refusal.WasCut);
        Assert.Equal(Team.Node, refusal.Node);
        Assert.Contains($"{end.Amount} is booked for it in the ledger", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(Money.Zero, end.Held);
        Assert.InRange(_guarded.Provider.Bill.TotalMicrocents, 0, end.Spent.Microcents);
        Assert.True(end.Spent > Money.Zero);
    }

    private async Task AssertNothingSentAsync()
    {
        Assert.Empty(_guarded.Provider.Calls);
        Assert.Equal(LedgerEntryKind.Released, (await _guarded.EndAsync()).Kind);
        Assert.Equal(Money.Zero, (await _guarded.BudgetAsync()).Spent);
    }

    /// <summary>Calls back when .NET's handler is about to send something to the provider.</summary>
    private MeterListener OnRequest(Action callback)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, its) =>
            {
                if (instrument is { Meter.Name: "System.Net.Http", Name: "http.client.active_requests" })
                {
                    its.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, change, tags, _) =>
        {
            foreach (var (name, value) in tags)
            {
                if (change > 0 && name == "server.port" && value is int port && port == _guarded.Provider.BaseAddress.Port)
                {
                    callback();
                }
            }
        });
        listener.Start();
        return listener;
    }

    /// <summary>Answers whatever its token says.</summary>
    private sealed class AnsweringClient(ChatClientMetadata metadata, Func<ChatResponse> answer) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Task.FromResult(answer());

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(ChatClientMetadata) ? metadata : null;

        public void Dispose()
        {
        }
    }

    /// <summary>Calls back when a hold has been committed, before anybody is told.</summary>
    private sealed class CallbackStore(IBudgetStore inner) : DelegatingBudgetStore(inner)
    {
        public Action? OnReserved { get; set; }

        public override async ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken)
        {
            var answer = await Inner.ApplyAsync(command, cancellationToken);
            if (command is Reserve && answer.Succeeded)
            {
                OnReserved?.Invoke();
            }

            return answer;
        }
    }
}
