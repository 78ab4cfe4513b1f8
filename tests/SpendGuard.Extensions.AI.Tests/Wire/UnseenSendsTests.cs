using CsCheck;
using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Extensions.AI.Tests.Adapters;
using SpendGuard.Testing.Provider;
using static SpendGuard.Extensions.AI.Tests.Adapters.SpoilingHandler;

namespace SpendGuard.Extensions.AI.Tests.Wire;

/// <summary>Requests that are sent where they cannot be seen: whatever fails may have been sent, and is paid for.</summary>
public sealed class UnseenSendsTests : IAsyncLifetime
{
    private static readonly ChatOptions Small = new() { MaxOutputTokens = 100 };
    private static readonly Behaviour Broken = new() { FailWithStatus = 500, BillFailures = true };
    private static readonly Behaviour Cut = new() { CutBeforeHeaders = true };

    private Guarded _guarded = null!;
    private bool _inline = true;

    /// <summary>How a handler sends; the random ones as the call has it.</summary>
    public enum Way
    {
        Inline,
        Queue,
        SharedQueue,
        Bulkhead,
        OwnTransport,
        Switch,
    }

    /// <summary>What becomes of a call.</summary>
    public enum Outcome
    {
        Answered,
        Unreadable,
        CutOff,
        Refused,
        Broken,
        NobodyThere,
        NotSent,
    }

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(100));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData(Way.Queue, false)]
    [InlineData(Way.Queue, true)]
    [InlineData(Way.OwnTransport, false)]
    [InlineData(Way.OwnTransport, true)]
    public async Task PaidAnswerCannotBeRead_FromTheFirstCallOn_IsForfeited(Way way, bool stream)
    {
        using var spoiling = Handler(way);
        var agent = Guard(spoiling);
        spoiling.Next = Spoils.Answer;
        for (var call = 1; call <= 10; call++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => agent.AskAsync("hello world", stream, Small));
            Assert.Equal(LedgerEntryKind.Forfeited, (await _guarded.EndAsync(call)).Kind);
        }

        await AssertBookedAsync();
    }

    [Theory]
    [InlineData(Way.Switch, "500", false)]
    [InlineData(Way.Switch, "500", true)]
    [InlineData(Way.Switch, "unreadable", false)]
    [InlineData(Way.Bulkhead, "500", false)]
    [InlineData(Way.Bulkhead, "cut", false)]
    [InlineData(Way.Bulkhead, "cut", true)]
    [InlineData(Way.Bulkhead, "unreadable", true)]
    public async Task ClientWasSeenOnce_ThenItSendsUnseen_IsForfeited(Way way, string failure, bool stream)
    {
        using var spoiling = Handler(way);
        var agent = Guard(spoiling);
        await agent.AskAsync("hello world", stream, Small);
        _inline = false;
        spoiling.Next = failure == "unreadable" ? Spoils.Answer : Spoils.Nothing;
        _guarded.Provider.Behaviour = failure switch { "500" => Broken, "cut" => Cut, _ => Behaviour.Honest };
        for (var call = 2; call <= 11; call++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => agent.AskAsync("hello world", stream, Small));
            Assert.Equal(LedgerEntryKind.Forfeited, (await _guarded.EndAsync(call)).Kind);
        }

        await AssertBookedAsync();
    }

    /// <summary>A handler that lets some through and has others wait for a thread of its own.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bulkhead_ManyAtOnce_NoneIsTakenForUnsent(bool cut)
    {
        var running = 0;
        using var handler = new QueueingHandler(new SocketsHttpHandler()) { SendsInline = () => Interlocked.Increment(ref running) <= 4 };
        using var http = new HttpClient(handler);
        var agent = _guarded.Guard(_guarded.Completions(http: http));
        await agent.AskAsync("hello world", stream: false, Small);
        _guarded.Provider.Behaviour = cut ? Cut : Broken;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Record.ExceptionAsync(() => agent.AskAsync("hello world", stream: false, Small))));

        await _guarded.EndAsync(21);
        await AssertBookedAsync();
        Assert.Equal(20, (await _guarded.LedgerAsync()).Count(entry => entry.Kind == LedgerEntryKind.Forfeited));
    }

    /// <summary>Where everything is sent in the flow of its call, a handler that throws by itself has sent nothing.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HandlerFailsBeforeItSends_OfAClientThatWasSeen_IsReleased(bool stream)
    {
        using var spoiling = Handler(Way.Inline);
        var agent = Guard(spoiling);
        await agent.AskAsync("hello world", stream, Small);
        spoiling.Next = Spoils.Request;
        for (var call = 2; call <= 11; call++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => agent.AskAsync("hello world", stream, Small));
            Assert.Equal(LedgerEntryKind.Released, (await _guarded.EndAsync(call)).Kind);
        }

        await _guarded.AssertPaidAsBilledAsync();
    }

    /// <summary>Whatever way a handler sends, and whatever becomes of it.</summary>
    [Fact]
    public async Task AnyHandler_AnyOutcome_IsBookedForNoLessThanItsBill()
    {
        var calls = Gen.Select(Gen.Enum<Outcome>(), Gen.Bool, Gen.Bool).Array[1, 8];
        await Gen.Select(Gen.Enum<Way>(), calls).SampleAsync(
            async (way, outcomes) =>
            {
                _inline = true;
                var agentId = Guid.NewGuid().ToString("N");
                await _guarded.SetBudgetAsync(Money.FromDollars(100), agentId);
                using var spoiling = Handler(way);
                var agent = Guard(spoiling, agentId);
                await MakeAsync(agent, spoiling, Outcome.Answered, stream: false);
                foreach (var (outcome, inline, stream) in outcomes)
                {
                    _inline = inline;
                    var before = (await _guarded.BudgetAsync(agentId)).Spent;
                    var bill = _guarded.Provider.Bill.TotalMicrocents;
                    await MakeAsync(agent, spoiling, outcome, stream);

                    // A thread that runs in the flow of another call sends for that, which is over.
                    var booked = ((await _guarded.BudgetAsync(agentId)).Spent - before).Microcents;
                    Assert.True(booked >= _guarded.Provider.Bill.TotalMicrocents - bill, $"{outcome} is booked for {booked}");
                    Assert.True(way != Way.Inline || outcome is not (Outcome.NotSent or Outcome.NobodyThere) || booked == 0, $"{outcome} is booked for {booked}");
                }
            },
            iter: 60,
            threads: 1);
    }

    private async Task MakeAsync(IChatClient agent, SpoilingHandler spoiling, Outcome outcome, bool stream)
    {
        _guarded.Provider.Behaviour = outcome switch
        {
            Outcome.CutOff => Cut,
            Outcome.Refused => new Behaviour { FailWithStatus = 400 },
            Outcome.Broken => Broken,
            _ => Behaviour.Honest,
        };
        spoiling.Next = outcome switch
        {
            Outcome.Unreadable => Spoils.Answer,
            Outcome.NobodyThere => Spoils.Address,
            Outcome.NotSent => Spoils.Request,
            _ => Spoils.Nothing,
        };
        await Record.ExceptionAsync(() => agent.AskAsync("hello world", stream, Small));
        await _guarded.Provider.WhenIdleAsync();
    }

    private IChatClient Guard(SpoilingHandler handler, string agent = "a") =>
        _guarded.Guard(_guarded.Completions(http: new HttpClient(handler, disposeHandler: false)), agent);

    private SpoilingHandler Handler(Way way) => new(way switch
    {
        Way.Inline => new SocketsHttpHandler(),
        Way.Queue => new QueueingHandler(new SocketsHttpHandler()),
        Way.SharedQueue => new QueueingHandler(new SocketsHttpHandler()) { TakesTheFirstFlow = true },
        Way.Bulkhead => new QueueingHandler(new SocketsHttpHandler()) { SendsInline = () => _inline },
        Way.OwnTransport => new OwnTransport(),
        _ => new EitherHandler(new SocketsHttpHandler(), new OwnTransport(), () => _inline),
    });

    /// <summary>Nothing is held any more, and no less is booked than the provider bills.</summary>
    private async Task AssertBookedAsync()
    {
        await _guarded.Provider.WhenIdleAsync();
        var budget = await _guarded.BudgetAsync();
        Assert.Equal(Money.Zero, budget.Held);
        Assert.InRange(_guarded.Provider.Bill.TotalMicrocents, 1, budget.Spent.Microcents);
    }
}
