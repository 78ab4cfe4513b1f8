using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Calls;

/// <summary>A call whose budget is locked waits for its turn, where its budget lets several be in flight.</summary>
public sealed class WaitingTests : IAsyncLifetime
{
    private const string Chat = "/v1/chat/completions";
    private const string Call = """{"model":"gpt-4o-mini","max_tokens":20,"messages":[{"role":"user","content":"hello"}]}""";
    private const string Stream = """{"model":"gpt-4o-mini","max_tokens":20,"stream":true,"messages":[{"role":"user","content":"hello"}]}""";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _arrived = new(0);
    private readonly SemaphoreSlim _mayEnd = new(0);
    private SidecarFixture _sidecar = null!;
    private int _atOnce;
    private int _most;

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        _mayEnd.Release(100);
        await _sidecar.DisposeAsync();
    }

    [Theory]
    [InlineData(2, 5)]
    [InlineData(3, 12)]
    public async Task CallsInParallel_AreAllServed_NoMoreAtOnceThanMayBe(int maxInFlight, int calls)
    {
        var agent = await _sidecar.AgentAsync(cents: 1_000, maxInFlight);
        _mayEnd.Release(calls);

        var replies = await Task.WhenAll(Enumerable.Range(0, calls).Select(_ => _sidecar.AskAsync(Chat, agent, Call))).WaitAsync(Patience);

        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        Assert.InRange(_most, 1, maxInFlight);
        await _sidecar.AssertPaidAsBilledAsync(agent);
    }

    /// <summary>What calls in flight hold locks a budget too: here each may ask for all of it.</summary>
    [Fact]
    public async Task CallsThatEachTakeTheWholeBudget_AreServedOneAfterAnother()
    {
        const string Large = """{"model":"gpt-4o-mini","max_tokens":16000,"messages":[{"role":"user","content":"hello"}]}""";
        var agent = await _sidecar.AgentAsync(cents: 1, maxInFlight: 16);
        _mayEnd.Release(5);

        var replies = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _sidecar.AskAsync(Chat, agent, Large))).WaitAsync(Patience);

        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        await _sidecar.AssertPaidAsBilledAsync(agent);
    }

    [Fact]
    public async Task BudgetForOneCall_RefusesTheSecondAtOnce()
    {
        var agent = await _sidecar.AgentAsync(cents: 1_000, maxInFlight: 1);
        var first = await OccupyAsync(agent);

        var second = await _sidecar.AskAsync(Chat, agent, Call).WaitAsync(Patience);

        AssertLocked(second);
        Assert.Single(_sidecar.Provider.Calls);
        _mayEnd.Release();
        Assert.Equal(200, (await first).Status);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.001")]
    public async Task Header_LowersTheTime(string seconds)
    {
        var agent = await _sidecar.AgentAsync(cents: 1_000, maxInFlight: 2);
        await OccupyAsync(agent);
        await OccupyAsync(agent);

        AssertLocked(await _sidecar.AskAsync(Chat, agent, Call, ("x-spendguard-wait", seconds)).WaitAsync(Patience));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("1,5")]
    public async Task Header_ThatIsNoTime_IsRefused(string seconds)
    {
        var agent = await _sidecar.AgentAsync(cents: 1_000, maxInFlight: 2);

        var reply = await _sidecar.AskAsync(Chat, agent, Call, ("x-spendguard-wait", seconds));

        Assert.Equal(400, reply.Status);
        Assert.Contains("x-spendguard-wait", (string?)reply.Body["error"]!["message"], StringComparison.Ordinal);
        await _sidecar.AssertNothingHappenedAsync(agent);
    }

    /// <summary>A header that asks for more than the sidecar is set to does not get it.</summary>
    [Theory]
    [InlineData("SPENDGUARD_LOCKED_WAIT_SECONDS", "0")]
    [InlineData("SPENDGUARD_MAX_WAITING", "0")]
    public async Task Setting_EndsWaiting(string name, string value)
    {
        await _sidecar.DisposeAsync();
        await StartAsync((name, value));
        var agent = await _sidecar.AgentAsync(cents: 1_000, maxInFlight: 2);
        await OccupyAsync(agent);
        await OccupyAsync(agent);

        AssertLocked(await _sidecar.AskAsync(Chat, agent, Call, ("x-spendguard-wait", "600")).WaitAsync(Patience));
    }

    [Fact]
    public async Task ClientThatGoesWhileItsCallWaits_LeavesNothingHeldAndNothingSent()
    {
        var agent = await _sidecar.AgentAsync(cents: 1_000, maxInFlight: 2);
        var first = await OccupyAsync(agent);
        var second = await OccupyAsync(agent);
        using var gone = new CancellationTokenSource();
        var before = _sidecar.Watch.Posts;
        var waiting = _sidecar.PostAsync(Chat, agent, Call, gone.Token);
        await UntilAsync(() => _sidecar.Watch.Posts > before);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await UntilAsync(() => _sidecar.Watch.Calls.Count > 0);

        _mayEnd.Release(2);
        Assert.Equal((200, 200), ((await first).Status, (await second).Status));
        await _sidecar.AssertPaidAsBilledAsync(agent);
        Assert.Equal(2, _sidecar.Provider.Calls.Count);
    }

    /// <summary>Its status is not known before, and a client would count it as begun.</summary>
    [Fact]
    public async Task StreamThatWaits_BeginsOnceItIsItsTurn()
    {
        var agent = await _sidecar.AgentAsync(cents: 1_000, maxInFlight: 2);
        await OccupyAsync(agent);
        await OccupyAsync(agent);
        var before = _sidecar.Watch.Posts;
        var waiting = _sidecar.PostAsync(Chat, agent, Stream);
        await UntilAsync(() => _sidecar.Watch.Posts > before);
        Assert.False(waiting.IsCompleted);

        _mayEnd.Release(3);

        using var response = await waiting.WaitAsync(Patience);
        var reply = await Reply.ReadAsync(response);
        Assert.Equal(200, reply.Status);
        Assert.EndsWith("data: [DONE]\n\n", reply.Text, StringComparison.Ordinal);
        await _sidecar.AssertPaidAsBilledAsync(agent);
    }

    [Fact]
    public async Task SidecarThatIsStopped_LetsNoCallWaitOn()
    {
        var agent = await _sidecar.AgentAsync(cents: 1_000, maxInFlight: 2);
        await OccupyAsync(agent);
        await OccupyAsync(agent);
        var before = _sidecar.Watch.Posts;
        var waiting = _sidecar.AskAsync(Chat, agent, Call);
        await UntilAsync(() => _sidecar.Watch.Posts > before);

        var stopped = _sidecar.App.StopAsync();

        var reply = await waiting.WaitAsync(Patience);
        Assert.Equal(503, reply.Status);
        Assert.Contains("being stopped", (string?)reply.Body["detail"], StringComparison.Ordinal);
        _mayEnd.Release(2);
        await stopped;
        Assert.Equal(2, _sidecar.Provider.Calls.Count);
    }

    private async Task StartAsync(params (string Name, string? Value)[] settings)
    {
        // Longer than anybody here has patience: what does not end the waiting does not end the test well.
        _sidecar = await SidecarFixture.StartAsync(prices: null, [("SPENDGUARD_LOCKED_WAIT_SECONDS", "600"), .. settings]);
        _sidecar.Provider.OnArrival = async _ =>
        {
            InterlockedMax(Interlocked.Increment(ref _atOnce));
            _arrived.Release();
            await _mayEnd.WaitAsync();
            Interlocked.Decrement(ref _atOnce);
        };
    }

    /// <summary>A call that has arrived at the provider, and stays there.</summary>
    private async Task<Task<Reply>> OccupyAsync(string agent)
    {
        var call = _sidecar.AskAsync(Chat, agent, Call);
        Assert.True(await _arrived.WaitAsync(Patience));
        return call;
    }

    private void InterlockedMax(int seen)
    {
        for (var most = _most; seen > most; most = _most)
        {
            Interlocked.CompareExchange(ref _most, seen, most);
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static void AssertLocked(Reply reply)
    {
        Assert.Equal((409, "Agent budget is locked by an in-flight run"), (reply.Status, (string?)reply.Body["detail"]));
        Assert.Equal(("1", "true"), (reply.Headers["Retry-After"], reply.Headers["x-should-retry"]));
    }
}
