using Microsoft.Extensions.Time.Testing;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Calls;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Calls;

/// <summary>Calls that wait for a budget that is locked: how often they ask the store, and what wakes them.</summary>
public sealed class LockedCallTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ModelKey Model = new("openai", "gpt-4o-mini");
    private const string Expires = "a hold of another process expires";
    private const string Deleted = "the agent is deleted";

    private static readonly Dictionary<string, Func<SpendGuardEngine, ReservedCall, SetClock, Task>> All = new()
    {
        ["settled"] = async (_, held, _) => await held.EndAsync(new ProviderReport { Usage = new Usage { Input = 1 } }),
        ["released"] = async (_, held, _) => await held.EndAsync(ProviderReport.NotBilled),
        ["forfeited"] = async (_, held, _) => await held.DisposeAsync(),
        ["the limit of calls is raised"] = async (engine, _, _) => await engine.SetBudgetAsync("a", Money.FromDollars(1), maxInFlight: 2),
        [Deleted] = async (engine, _, _) => await engine.DeleteAgentAsync("a"),
        [Expires] = async (engine, _, clock) =>
        {
            clock.Step = TimeSpan.FromMinutes(6);
            Assert.Equal(1, await engine.ForfeitExpiredAsync());
        },
    };

    [Fact]
    public async Task Waiting_AsksTheStoreLessAndLess_AndAnEndWakesNoOtherAgent()
    {
        const int Agents = 300;
        var clock = new WaitingClock();
        var store = new CountingStore();
        await using var engine = Engine(store, clock);
        var held = new List<ReservedCall>();
        for (var agent = 0; agent < Agents; agent++)
        {
            await engine.SetBudgetAsync($"a{agent}", Money.FromDollars(1), maxInFlight: 1);
            held.Add(await ReserveAsync(engine, $"a{agent}"));
        }

        var waiting = held.Select(call => ReserveAsync(engine, call.Reservation.Agent)).ToList();
        await clock.WhenWaitingAsync(Agents);
        store.Asked = 0;
        await clock.GoOnAsync(TimeSpan.FromSeconds(10));

        // Each asks whether holds have expired, and for its own: some thirteen times, and about once a second in the end.
        Assert.InRange(store.Asked, Agents * 2 * 10, Agents * 2 * 15);

        store.Asked = 0;
        await held[7].EndAsync(ProviderReport.NotBilled);
        await (await waiting[7].WaitAsync(Patience)).DisposeAsync();

        // Its release, what its waiting call asks, and that one's end.
        Assert.Equal(4, store.Asked);
        await Task.WhenAll(held.Select(call => call.DisposeAsync().AsTask()));
        foreach (var call in waiting.Where((_, agent) => agent != 7))
        {
            await (await call.WaitAsync(Patience)).DisposeAsync();
        }
    }

    public static TheoryData<string> Changes() => new(All.Keys);

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task WhateverUnlocksABudgetInThisProcess_WakesTheCallThatWaits(string change)
    {
        var clock = new WaitingClock();
        var store = new InMemoryBudgetStore();
        await using var engine = Engine(store, clock);
        await using var other = Engine(store, clock);
        await engine.SetBudgetAsync("a", Money.FromDollars(1), maxInFlight: 1);
        var held = await ReserveAsync(change == Expires ? other : engine, "a");
        var waiting = ReserveAsync(engine, "a");
        await clock.WhenWaitingAsync(1);

        // No timer fires, so no call asks by itself.
        await All[change](engine, held, clock);

        if (change == Deleted)
        {
            await Assert.ThrowsAsync<BudgetNotFoundException>(() => waiting.WaitAsync(Patience));
        }
        else
        {
            await (await waiting.WaitAsync(Patience)).DisposeAsync();
        }
    }

    [Fact]
    public async Task CallsOfOneAgent_GetTheirTurnOneAfterAnother_WithoutTime()
    {
        await using var engine = Engine(new InMemoryBudgetStore(), new FakeTimeProvider());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(agent => Task.Run(async () =>
        {
            await engine.SetBudgetAsync($"a{agent}", Money.FromDollars(1), maxInFlight: 1 + (agent % 3));
            await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
            {
                await using var call = await ReserveAsync(engine, $"a{agent}");
                await Task.Yield();
                await call.EndAsync(ProviderReport.NotBilled);
            }));
        }))).WaitAsync(Patience);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(28.5)]
    public async Task WhatAnotherProcessEnds_IsSeenWithinSomewhatMoreThanASecond(double waited)
    {
        var clock = new WaitingClock();
        var store = new InMemoryBudgetStore();
        await using var engine = Engine(store, clock);
        await using var other = Engine(store, clock);
        await other.SetBudgetAsync("a", Money.FromDollars(1), maxInFlight: 1);
        var held = await ReserveAsync(other, "a");
        var waiting = ReserveAsync(engine, "a");
        await clock.WhenWaitingAsync(1);
        await clock.GoOnAsync(TimeSpan.FromSeconds(waited));

        await held.EndAsync(ProviderReport.NotBilled);
        clock.Advance(TimeSpan.FromSeconds(1.25));

        await (await waiting.WaitAsync(Patience)).DisposeAsync();
    }

    [Fact]
    public async Task WhenItsTimeIsUp_TheFirstAsksOnceMore()
    {
        var clock = new WaitingClock();
        var store = new InMemoryBudgetStore();
        await using var engine = Engine(store, clock);
        await using var other = Engine(store, clock);
        await other.SetBudgetAsync("a", Money.FromDollars(1), maxInFlight: 1);
        var held = await ReserveAsync(other, "a");
        var waiting = ReserveAsync(engine, "a");
        await clock.WhenWaitingAsync(1);
        await clock.GoOnAsync(TimeSpan.FromSeconds(29.9));

        await held.EndAsync(ProviderReport.NotBilled);
        clock.Advance(TimeSpan.FromSeconds(0.1));

        await (await waiting.WaitAsync(Patience)).DisposeAsync();
    }

    /// <summary>The limit of their group is full of another agent's call; no timer fires, so none asks by itself.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EndOfAnotherAgentsCall_InTheSameGroup_WakesTheCallsThatWait(bool expires)
    {
        var clock = new WaitingClock();
        var store = new InMemoryBudgetStore();
        await using var engine = Engine(store, clock);
        await using var other = Engine(store, clock);
        await engine.CreateGroupAsync("team");
        await engine.SetLimitAsync("team", Limit.PerYear(Money.FromMicrocents(1_500)));
        foreach (var agent in (AgentId[])["a", "b", "c"])
        {
            await engine.CreateAgentAsync(agent: agent, under: "team");
        }

        await using var held = await ReserveAsync(expires ? other : engine, "a");
        var waiting = new[] { ReserveAsync(engine, "b"), ReserveAsync(engine, "c") };
        await clock.WhenWaitingAsync(2);

        if (expires)
        {
            await engine.SetLimitAsync("team", Limit.PerYear(Money.FromMicrocents(3_000)));
            clock.Step = TimeSpan.FromMinutes(6);
            Assert.Equal(1, await engine.ForfeitExpiredAsync());
        }
        else
        {
            await held.EndAsync(ProviderReport.NotBilled);
        }

        var first = await Task.WhenAny(waiting).WaitAsync(Patience);
        await (await first).EndAsync(ProviderReport.NotBilled);
        await (await waiting.Single(call => call != first).WaitAsync(Patience)).EndAsync(ProviderReport.NotBilled);
    }

    [Fact]
    public async Task WhenNoneComesFree_TheCallIsRefusedWhenItsTimeIsUp()
    {
        var clock = new WaitingClock();
        await using var engine = Engine(new InMemoryBudgetStore(), clock);
        await engine.SetBudgetAsync("a", Money.FromDollars(1), maxInFlight: 1);
        await using var held = await ReserveAsync(engine, "a");
        var waiting = Enumerable.Range(0, 3).Select(_ => ReserveAsync(engine, "a")).ToList();
        await clock.WhenWaitingAsync(1);
        await clock.GoOnAsync(TimeSpan.FromSeconds(29.9));
        Assert.DoesNotContain(waiting, call => call.IsCompleted);

        clock.Advance(TimeSpan.FromSeconds(0.1));

        foreach (var call in waiting)
        {
            await Assert.ThrowsAsync<BudgetLockedException>(() => call.WaitAsync(Patience));
        }
    }

    /// <summary>A call that comes later and would fit does not go before one that waits, or one that needs much would never have its turn.</summary>
    [Fact]
    public async Task CallsThatWait_GetTheirTurnInTheOrderInWhichTheyCame()
    {
        var store = new InMemoryBudgetStore();
        await using var engine = Engine(store, new FakeTimeProvider());
        await engine.SetBudgetAsync("a", Money.FromDollars(1), maxInFlight: 2);
        var inFlight = new Queue<ReservedCall>([await ReserveAsync(engine, "a"), await ReserveAsync(engine, "a")]);
        var waiting = Enumerable.Range(0, 5).Select(_ => ReserveAsync(engine, "a")).ToList();

        for (var next = 0; next < waiting.Count; next++)
        {
            await inFlight.Dequeue().EndAsync(ProviderReport.NotBilled);
            inFlight.Enqueue(await waiting[next].WaitAsync(Patience));
            Assert.DoesNotContain(waiting.Skip(next + 1), later => later.IsCompleted);
        }

        foreach (var call in inFlight)
        {
            await call.DisposeAsync();
        }
    }

    [Fact]
    public async Task CallThatWouldFit_DoesNotGoBeforeOneThatWaits()
    {
        await using var engine = Engine(new InMemoryBudgetStore(), new FakeTimeProvider());
        await engine.SetBudgetAsync("a", Money.FromMicrocents(10_000));
        var held = await engine.ReserveAsync(Call(least: 10, output: 100));
        var large = engine.ReserveAsync(Call(least: 160, output: 160)).AsTask();
        Assert.False(large.IsCompleted);

        var small = engine.ReserveAsync(Call(least: 10, output: 10)).AsTask();
        Assert.False(small.IsCompleted);
        await Assert.ThrowsAsync<InsufficientBudgetException>(() => engine.ReserveAsync(Call(least: 1_000, output: 1_000)).AsTask());
        await Assert.ThrowsAsync<BudgetLockedException>(
            () => engine.ReserveAsync(Call(least: 160, output: 160) with { LockedWait = TimeSpan.Zero }).AsTask());

        await held.EndAsync(ProviderReport.NotBilled);
        await (await large.WaitAsync(Patience)).EndAsync(ProviderReport.NotBilled);
        await (await small.WaitAsync(Patience)).DisposeAsync();
    }

    /// <summary>Nobody takes all the places there are: an agent has a quarter of them.</summary>
    [Fact]
    public async Task PlacesToWait_AreBounded_AndNoAgentTakesThemAll()
    {
        await using var queue = new LockedQueue(new FakeTimeProvider(), places: 8);
        var locked = new BudgetAnswer(BudgetStatus.Locked, Budget: null, Reservation: null, Sequence: 0);
        var answer = locked;

        var first = Enumerable.Range(0, 3).Select(_ => WaitAsync("a")).ToList();
        Assert.Equal([false, false, true], first.Select(call => call.IsCompleted));
        var others = Enumerable.Range(0, 4).SelectMany(agent => new[] { WaitAsync($"b{agent}"), WaitAsync($"b{agent}") }).ToList();
        Assert.Equal(6, others.Count(call => !call.IsCompleted));
        Assert.Null(await first[2]);

        answer = locked with { Status = BudgetStatus.Applied };
        foreach (var agent in (AgentId[])["a", "b0", "b1", "b2"])
        {
            queue.Pulse(agent);
        }

        await Task.WhenAll(first.Concat(others)).WaitAsync(Patience);
        Assert.False(queue.HasLine("a"));
        Assert.Equal(BudgetStatus.Applied, (await WaitAsync("a"))!.Status);

        Task<BudgetAnswer?> WaitAsync(AgentId agent) => queue.WaitAsync(
            agent, TimeSpan.FromSeconds(30), () => ValueTask.FromResult(answer), said => said.Status == BudgetStatus.Locked, default).AsTask();
    }

    [Fact]
    public async Task BudgetThatIsSetToOneCall_EndsTheWaitingWhereSingleCallsDoNotWait()
    {
        await using var engine = new SpendGuardEngine(
            new InMemoryBudgetStore(), new Prices(PriceBook.LoadBundled()), new SpendGuardOptions { SingleCallsWait = false }, new FakeTimeProvider());
        await engine.SetBudgetAsync("a", Money.FromDollars(1), maxInFlight: 2);
        await using var one = await ReserveAsync(engine, "a");
        await using var two = await ReserveAsync(engine, "a");
        var waiting = ReserveAsync(engine, "a");
        Assert.False(waiting.IsCompleted);

        await engine.SetBudgetAsync("a", Money.FromDollars(1), maxInFlight: 1);

        await Assert.ThrowsAsync<BudgetLockedException>(() => waiting.WaitAsync(Patience));
    }

    [Fact]
    public async Task Lines_AreKeptForAgentsWithCallsThatWaitOnly()
    {
        await using var queue = new LockedQueue(new FakeTimeProvider());
        using var gaveUp = new CancellationTokenSource();
        var locked = new BudgetAnswer(BudgetStatus.Locked, Budget: null, Reservation: null, Sequence: 0);
        var answer = locked;
        var served = Enumerable.Range(0, 20).Select(agent => WaitAsync($"served {agent % 10}", CancellationToken.None)).ToList();
        var withdrawn = Enumerable.Range(0, 20).Select(agent => WaitAsync($"withdrawn {agent % 10}", gaveUp.Token)).ToList();
        Assert.Equal(20, queue.Lines);

        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(withdrawn).WaitAsync(Patience));
        Assert.Equal(10, queue.Lines);

        answer = locked with { Status = BudgetStatus.Applied };
        for (var agent = 0; agent < 10; agent++)
        {
            queue.Pulse($"served {agent}");
        }

        await Task.WhenAll(served).WaitAsync(Patience);
        Assert.Equal(0, queue.Lines);
        queue.Pulse("nobody");
        Assert.Equal(0, queue.Lines);

        Task<BudgetAnswer?> WaitAsync(AgentId agent, CancellationToken cancellationToken) =>
            queue.WaitAsync(agent, TimeSpan.FromSeconds(30), () => ValueTask.FromResult(answer), said => said.Status == BudgetStatus.Locked, cancellationToken).AsTask();
    }

    private static SpendGuardEngine Engine(IBudgetStore store, TimeProvider clock) =>
        new(store, new Prices(PriceBook.LoadBundled()), options: null, clock);

    private static Task<ReservedCall> ReserveAsync(SpendGuardEngine engine, AgentId agent) => engine.ReserveAsync(new ModelCall
    {
        Agent = agent,
        Model = Model,
        Shape = new CallShape { InputBound = 10, OutputTokens = 20 },
    }).AsTask();

    private static ModelCall Call(long least, long output) => new()
    {
        Agent = "a",
        Model = Model,
        Shape = new CallShape { InputBound = 1, OutputTokens = output, LeastOutputTokens = least },
    };

    private sealed class CountingStore() : DelegatingBudgetStore(new InMemoryBudgetStore())
    {
        private int _asked;

        public int Asked
        {
            get => Volatile.Read(ref _asked);
            set => Volatile.Write(ref _asked, value);
        }

        public override ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return Inner.ApplyAsync(command, cancellationToken);
        }

        public override ValueTask<IReadOnlyList<Reservation>> FindInFlightAsync(
            DateTimeOffset? expiredAt, AgentId? agent, int limit, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return Inner.FindInFlightAsync(expiredAt, agent, limit, cancellationToken);
        }
    }
}
