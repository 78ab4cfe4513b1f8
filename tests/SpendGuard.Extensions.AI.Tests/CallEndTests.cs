using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Budgets;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>A hold ends once: settled when the cost is known, released when nothing was billed, forfeited when nobody knows.</summary>
public sealed class CallEndTests : IAsyncLifetime
{
    /// <summary>No vendor's error for being overloaded.</summary>
    private const string Broken = """{"type":"error","error":{"type":"api_error","message":"It broke."}}""";

    private static readonly ChatOptions Small = new() { MaxOutputTokens = 100 };

    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(1));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task UsageIsMissing_IsForfeited(string api, bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour { OmitUsage = true };
        await Record.ExceptionAsync(() => _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello world", stream, Small));
        await AssertForfeitedAsync();
    }

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task UsageIsZero_IsForfeited(string api, bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour { ZeroUsage = true };
        await _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello world", stream, Small);
        await AssertForfeitedAsync();
    }

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task CutBeforeHeaders_IsForfeited(string api, bool stream)
    {
        _guarded.Provider.Behaviour = new Behaviour { CutBeforeHeaders = true };
        await Assert.ThrowsAnyAsync<Exception>(() => _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello world", stream, Small));
        await AssertForfeitedAsync();
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("messages")]
    public async Task CutInMidStream_IsForfeited_WhereverItIsCut(string api)
    {
        // One answer in full tells how many events there are to be cut after.
        var agent = _guarded.Guard(_guarded.Leaf(api));
        for (var events = 0; events < 12; events++)
        {
            _guarded.Provider.Behaviour = new Behaviour { CutAfterEvents = events, OutputTokens = 20 };
            await Assert.ThrowsAnyAsync<Exception>(() => agent.AskAsync("hello world", stream: true, Small));
            Assert.Equal(LedgerEntryKind.Forfeited, (await _guarded.EndAsync(events + 1)).Kind);
        }

        await AssertForfeitedAsync(calls: 12);
    }

    [Theory]
    [InlineData("chat", 0)]
    [InlineData("chat", 5)]
    [InlineData("responses", 0)]
    [InlineData("responses", 5)]
    [InlineData("messages", 0)]
    [InlineData("messages", 5)]
    public async Task ErrorInMidStream_IsForfeited(string api, int events)
    {
        _guarded.Provider.Behaviour = new Behaviour { FailAfterEvents = events };
        await Record.ExceptionAsync(() => _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello world", stream: true, Small));
        await AssertForfeitedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ConnectionIsRefused_IsReleased(bool stream)
    {
        // A port that was free a moment ago, and that nothing listens on.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var leaf = _guarded.Completions(endpoint: new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}/v1"));
        await Assert.ThrowsAnyAsync<Exception>(() => _guarded.Guard(leaf).AskAsync("hello world", stream, Small));

        Assert.Equal(LedgerEntryKind.Released, (await _guarded.EndAsync()).Kind);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task RefusedByTheProvider_IsReleased(string api, bool stream)
    {
        var agent = _guarded.Guard(_guarded.Leaf(api));
        var ended = 0;
        int[] statuses = [400, 401, 403, 404, 422, 429];
        foreach (var status in statuses)
        {
            _guarded.Provider.Behaviour = new Behaviour { FailWithStatus = status };
            await Assert.ThrowsAnyAsync<Exception>(() => agent.AskAsync("hello world", stream, Small));
            Assert.Equal(LedgerEntryKind.Released, (await _guarded.EndAsync(++ended)).Kind);
        }

        await _guarded.AssertPaidAsBilledAsync();
        Assert.Equal(0, _guarded.Provider.Bill.TotalMicrocents);
    }

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task ProviderBreaksDown_IsForfeited(string api, bool stream)
    {
        var agent = _guarded.Guard(_guarded.Leaf(api));
        var ended = 0;
        int[] statuses = [408, 500, 502, 503, 504];
        foreach (var status in statuses)
        {
            _guarded.Provider.Behaviour = new Behaviour { FailWithStatus = status, FailWithBody = Broken, BillFailures = true };
            await Assert.ThrowsAnyAsync<Exception>(() => agent.AskAsync("hello world", stream, Small));
            Assert.Equal(LedgerEntryKind.Forfeited, (await _guarded.EndAsync(++ended)).Kind);
        }

        await AssertForfeitedAsync(calls: 5);
    }

    [Fact]
    public async Task IsUnbilledIsSet_DecidesInsteadOfTheDefault()
    {
        _guarded.Provider.Behaviour = new Behaviour { FailWithStatus = 503 };
        var agent = _guarded.Chat(configure: client => client.IsUnbilled = _ => true);
        await Assert.ThrowsAnyAsync<Exception>(() => agent.GetResponseAsync("hello world"));
        Assert.Equal(LedgerEntryKind.Released, (await _guarded.EndAsync()).Kind);
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("messages")]
    public async Task CallIsCancelled_IsForfeited(string api)
    {
        using var stop = new CancellationTokenSource();
        _guarded.Provider.Behaviour = new Behaviour { Hang = true };
        _guarded.Provider.OnArrival = _ => stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _guarded.Guard(_guarded.Leaf(api)).AskAsync("hello world", stream: false, Small, stop.Token));
        await AssertForfeitedAsync();
    }

    [Fact]
    public async Task CancelledBefore_HoldsNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _guarded.Chat().AskAsync("hello world", stream: false, Small, new CancellationToken(canceled: true)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _guarded.Chat().AskAsync("hello world", stream: true, Small, new CancellationToken(canceled: true)));
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData("chat", false)]
    [InlineData("chat", true)]
    [InlineData("responses", false)]
    [InlineData("responses", true)]
    [InlineData("messages", false)]
    [InlineData("messages", true)]
    public async Task ConsumerLeavesTheStream_IsDrainedAndSettledExactly(string api, bool cancels)
    {
        using var stop = new CancellationTokenSource();
        _guarded.Provider.Behaviour = new Behaviour { OutputTokens = 90 };
        var agent = _guarded.Guard(_guarded.Leaf(api));
        await Record.ExceptionAsync(async () =>
        {
            await foreach (var update in agent.GetStreamingResponseAsync("hello world", Small, stop.Token))
            {
                if (!cancels)
                {
                    break;
                }

                await stop.CancelAsync();
            }
        });

        Assert.Equal(LedgerEntryKind.Settled, (await _guarded.EndAsync()).Kind);
        Assert.Equal(90, Assert.Single(_guarded.Provider.Calls).OutputTokens);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task ConsumerLeaves_AtEveryUpdate_IsSettledExactly()
    {
        for (var leaveAfter = 1; leaveAfter <= 30; leaveAfter++)
        {
            var seen = 0;
            await foreach (var update in _guarded.Chat().GetStreamingResponseAsync("hello world", Small))
            {
                if (++seen == leaveAfter)
                {
                    break;
                }
            }

            Assert.Equal(LedgerEntryKind.Settled, (await _guarded.EndAsync(leaveAfter)).Kind);
        }

        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task ConsumerLeaves_EngineIsDisposedAtOnce_SettlesBeforeItGoes()
    {
        _guarded.Provider.Behaviour = new Behaviour { OutputTokens = 90, DelayBetweenEvents = TimeSpan.FromMilliseconds(1) };
        await LeaveAtOnceAsync(_guarded.Chat());
        await _guarded.Engine.DisposeAsync();

        Assert.Equal(LedgerEntryKind.Settled, (await _guarded.EndAsync()).Kind);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task ConsumerLeaves_DrainTimeIsUp_IsForfeited()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var guarded = await Guarded.StartAsync(options: null, time);
        await guarded.SetBudgetAsync(Money.FromDollars(1));
        guarded.Provider.Behaviour = new Behaviour { OutputTokens = 90, DelayBetweenEvents = TimeSpan.FromMinutes(10) };
        await LeaveAtOnceAsync(guarded.Chat(configure: client => client.DrainTime = TimeSpan.FromSeconds(20)));
        Assert.DoesNotContain(await guarded.LedgerAsync(), entry => entry.Kind == LedgerEntryKind.Forfeited);

        // The drain starts on a thread of its own; time goes on until its clock has run out.
        var end = guarded.EndAsync();
        while (!end.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(20));
            await Task.Yield();
        }

        Assert.Equal(LedgerEntryKind.Forfeited, (await end).Kind);
    }

    [Fact]
    public async Task ConsumerLeaves_TooManyAreDrained_IsForfeitedAndTheConnectionClosed()
    {
        await using var guarded = await Guarded.StartAsync(new SpendGuardOptions { MaxBackgroundCalls = 0 });
        await guarded.SetBudgetAsync(Money.FromDollars(1));
        guarded.Provider.Behaviour = new Behaviour { OutputTokens = 90, DelayBetweenEvents = TimeSpan.FromMinutes(10) };
        using var http = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero });
        await LeaveAtOnceAsync(guarded.Guard(guarded.Completions(http: http)));

        Assert.Equal(LedgerEntryKind.Forfeited, (await guarded.EndAsync()).Kind);
        await guarded.Provider.WhenIdleAsync();
        Assert.False(Assert.Single(guarded.Provider.Calls).Finished);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EngineIsDisposed_CallInFlight_IsForfeited(bool stream)
    {
        var arrived = new TaskCompletionSource();
        using var stop = new CancellationTokenSource();
        _guarded.Provider.Behaviour = new Behaviour { Hang = true };
        _guarded.Provider.OnArrival = _ =>
        {
            arrived.SetResult();
            return Task.CompletedTask;
        };
        var call = _guarded.Chat().AskAsync("hello world", stream, Small, stop.Token);
        await arrived.Task;
        await _guarded.Engine.DisposeAsync();
        await AssertForfeitedAsync(idle: false);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => call);
        await AssertForfeitedAsync(idle: false);
    }

    [Fact]
    public async Task Stream_IsNotEnumerated_HoldsNothing()
    {
        var stream = _guarded.Chat().GetStreamingResponseAsync("hello world", Small);
        await _guarded.AssertNothingHappenedAsync();
        Assert.NotNull(stream);
    }

    [Fact]
    public async Task Stream_IsEnumeratedTwice_IsTwoCalls()
    {
        var stream = _guarded.Chat().GetStreamingResponseAsync("hello world", Small);
        await DrainAsync(stream);
        await DrainAsync(stream);

        Assert.Equal(2, _guarded.Provider.Bill.BilledCalls);
        Assert.Equal(2, (await _guarded.LedgerAsync()).Count(entry => entry.Kind == LedgerEntryKind.Reserved));
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StoreCannotCommitTheEnd_CallerIsTold_AndTheEndIsTriedAgain(bool stream)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var guarded = await Guarded.StartAsync(options: null, time);
        await guarded.SetBudgetAsync(Money.FromDollars(1));
        guarded.Store.Refuse = command => command is Settle;
        Assert.True((await guarded.Chat().AskAsync("hello world", stream, Small)).Get<bool>(SettlementProperties.Pending));
        Assert.True((await guarded.BudgetAsync()).Held > Money.Zero);

        guarded.Store.Refuse = _ => false;
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(LedgerEntryKind.Settled, (await guarded.EndAsync()).Kind);
        await guarded.AssertPaidAsBilledAsync();
    }

    private static async Task LeaveAtOnceAsync(IChatClient agent)
    {
        await foreach (var update in agent.GetStreamingResponseAsync("hello world", Small))
        {
            Assert.NotNull(update);
            break;
        }
    }

    private static async Task DrainAsync(IAsyncEnumerable<ChatResponseUpdate> stream)
    {
        await foreach (var update in stream)
        {
            Assert.NotNull(update);
        }
    }

    /// <summary>Every hold is booked as spent in full, which is no less than what was billed.</summary>
    private async Task AssertForfeitedAsync(int calls = 1, bool idle = true)
    {
        await _guarded.EndAsync(calls);
        if (idle)
        {
            await _guarded.Provider.WhenIdleAsync();
        }

        var ledger = await _guarded.LedgerAsync();
        Assert.Equal(calls, ledger.Count(entry => entry.Kind == LedgerEntryKind.Forfeited));
        Assert.Equal(calls, ledger.Count(entry => entry.Kind == LedgerEntryKind.Reserved));
        Assert.Equal(Money.Zero, ledger[^1].Held);
        var held = ledger.Where(entry => entry.Kind == LedgerEntryKind.Reserved).Sum(entry => entry.Amount.Microcents);
        Assert.Equal(held, ledger[^1].Spent.Microcents);
        Assert.InRange(_guarded.Provider.Bill.TotalMicrocents, 0, held);
    }
}
