using Microsoft.Extensions.Time.Testing;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Calls.Runs;

/// <summary>A run that may cost no more than an amount: what counts for it, what it refuses and how, and what waits for it.</summary>
public sealed class RunCapTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ModelKey Model = new("openai", "gpt-4o-mini");

    private readonly FakeTimeProvider _clock = new();
    private SpendGuardEngine _engine = null!;

    public async Task InitializeAsync()
    {
        _engine = new SpendGuardEngine(new InMemoryBudgetStore(), new Prices(PriceBook.LoadBundled()), options: null, _clock);
        await _engine.SetBudgetAsync("a", Money.FromDollars(1));
        await _engine.SetBudgetAsync("b", Money.FromDollars(1));
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Call_HoldsNoMoreThanTheRunHasFree_AndItsOutputCapIsLowered()
    {
        using var run = Begin(10_000);
        await using var call = await ReserveAsync(Call(output: 10_000));

        Assert.True(call.OutputCapLowered);
        Assert.InRange(call.Reservation.Held.Microcents, 9_000, 10_000);
        Assert.Equal(call.Reservation.Held, run.Budget.Held);
        Assert.Equal(call.Reservation.Held, (await BudgetAsync()).Held);

        var settlement = await call.EndAsync(Used(100));
        Assert.Equal((settlement.Charged, Money.Zero), (run.Budget.Spent, run.Budget.Held));
        Assert.Equal(run.Id, (await LedgerAsync())[^1].Run);
    }

    [Fact]
    public async Task CallThatDoesNotFitTheRun_IsRefused_AndTheSentenceNamesTheRunAndItsFigures()
    {
        using var run = _engine.BeginRun("a", Money.FromMicrocents(10_000), "nightly");
        await using var call = await ReserveAsync(Call(output: 100));
        await call.EndAsync(Used(100));
        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(() => ReserveAsync(Call(output: 400, least: 400)));

        Assert.Equal((new RunId("nightly"), new AgentId("a"), run.Budget), (refusal.Run!.Value, refusal.Agent, refusal.Budget));
        Assert.StartsWith($"Insufficient budget: run 'nightly' of agent 'a' may cost {run.MaxCost} in all, of which {run.Budget.Spent} is spent", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"the call needs at least {refusal.Required}.", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("Begin a run with a higher maxCost, or make the call smaller.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(Money.Zero, run.Budget.Held);
    }

    [Fact]
    public async Task AgentsBudget_HoldsAsWell_AndTheRunGetsBackWhatItRefused()
    {
        await _engine.SetBudgetAsync("a", Money.FromMicrocents(1_000));
        using var run = _engine.BeginRun("a", Money.FromDollars(1));
        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(() => ReserveAsync(Call(output: 400, least: 400)));

        Assert.Null(refusal.Run);
        Assert.Equal((Money.Zero, Money.Zero, 0), (run.Budget.Spent, run.Budget.Held, run.Budget.InFlight));
        await using var call = await ReserveAsync(Call(output: 400));
        Assert.Equal(call.Reservation.Held, run.Budget.Held);
        Assert.InRange(run.Budget.Held.Microcents, 1, 1_000);
    }

    [Fact]
    public async Task CallThatWouldFit_WaitsForTheRunsCallsInFlight_AndIsWokenByTheirEnd()
    {
        using var run = Begin(10_000);
        var first = await ReserveAsync(Call(output: 10_000));
        var second = ReserveAsync(Call(output: 100, least: 100));
        var third = ReserveAsync(Call(output: 10, least: 10));
        Assert.False(second.IsCompleted || third.IsCompleted);

        // Another run of the same agent has nothing to wait for.
        await using (await OutsideAsync(() => ReserveAsync(Call(output: 100))))
        {
        }

        await first.EndAsync(Used(1));
        await (await second.WaitAsync(Patience)).DisposeAsync();
        await (await third.WaitAsync(Patience)).DisposeAsync();
        Assert.Equal(Money.Zero, run.Budget.Held);
    }

    [Fact]
    public async Task CallThatWaitsInVain_IsRefusedAsLocked_AndTheSentenceNamesTheRun()
    {
        using var run = _engine.BeginRun("a", Money.FromMicrocents(10_000), "nightly");
        await using var first = await ReserveAsync(Call(output: 10_000));
        var refusal = await Assert.ThrowsAsync<BudgetLockedException>(
            () => ReserveAsync(Call(output: 100, least: 100) with { LockedWait = TimeSpan.Zero }));

        Assert.Equal(new RunId("nightly"), refusal.Run);
        Assert.StartsWith("Run is locked by its calls in flight: run 'nightly' of agent 'a' may cost", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"calls in flight hold {run.Budget.Held}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EngineIsDisposed_CallThatWaitsForItsRunGivesUp()
    {
        using var run = Begin(10_000);
        await using var first = await ReserveAsync(Call(output: 10_000));
        var waiting = ReserveAsync(Call(output: 100, least: 100));
        await _engine.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(Patience));
    }

    [Fact]
    public async Task Overrun_IsBookedWhole_AndClosesTheRun()
    {
        using var run = Begin(10_000);
        var call = await ReserveAsync(Call(output: 100));
        var settlement = await call.EndAsync(Used(1_000));

        Assert.Equal((settlement.Charged, true), (run.Budget.Spent, run.Budget.Overdrawn));
        Assert.True(run.Budget.Spent > run.MaxCost);
        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(() => ReserveAsync(Call(output: 1, least: 1)));
        Assert.Contains("The run is overdrawn and closed.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunWithinARun_CountsInBoth_AndTheTighterOneCaps()
    {
        using var outer = Begin(20_000);
        using (var inner = Begin(1_000_000))
        {
            await using var call = await ReserveAsync(Call(output: 10_000));
            Assert.InRange(call.Reservation.Held.Microcents, 1, 20_000);
            Assert.Equal((call.Reservation.Held, call.Reservation.Held), (outer.Budget.Held, inner.Budget.Held));
            await call.EndAsync(Used(100));
            Assert.Equal(inner.Budget.Spent, outer.Budget.Spent);
        }

        Assert.Same(outer, SpendGuardRun.Current);
    }

    [Fact]
    public async Task OtherAgentsAndToolsWithin_CountForTheRun()
    {
        using var run = Begin(10_000);
        using (SpendGuardScope.Begin("b"))
        {
            await using var call = await ReserveAsync(Call(output: 10) with { Agent = "b" });
            await call.EndAsync(Used(10));
        }

        var spent = run.Budget.Spent;
        Assert.True(spent > Money.Zero);
        var tool = await _engine.ReserveAsync(new ToolCall { Agent = "a", Tool = "search", Price = Money.FromMicrocents(5_000) });
        Assert.Equal(Money.FromMicrocents(5_000), run.Budget.Held);
        await tool.SettleAsync();
        Assert.Equal(spent + Money.FromMicrocents(5_000), run.Budget.Spent);
        await Assert.ThrowsAsync<InsufficientBudgetException>(
            () => _engine.ReserveAsync(new ToolCall { Agent = "a", Tool = "search", Price = Money.FromMicrocents(5_000) }).AsTask());
    }

    [Fact]
    public async Task WhatWasStartedWithin_CountsForTheRun_WhenThatHasEnded()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task started;
        SpendGuardRun begun;
        using (var run = begun = Begin(10_000))
        {
            started = WorkAsync();
        }

        ended.SetResult();
        await started;
        Assert.InRange(begun.Budget.Spent.Microcents, 1, 10_000);
        Assert.Null(SpendGuardRun.Current);

        async Task WorkAsync()
        {
            await ended.Task;
            await using var call = await ReserveAsync(Call(output: 10));
            await call.EndAsync(Used(10));
        }
    }

    [Fact]
    public async Task CapOfNothing_StopsTheFirstCall_AndANegativeOneIsAMistake()
    {
        using var run = Begin(0);
        await Assert.ThrowsAsync<InsufficientBudgetException>(() => ReserveAsync(Call(output: 1)));
        Assert.Throws<ArgumentOutOfRangeException>("maxCost", () => Begin(-1));
    }

    [Fact]
    public async Task RunWithinOrAfterAnother_HasACapOfItsOwn_AndAnId()
    {
        RunId first;
        using (var run = Begin(1_000_000))
        {
            first = run.Id;
            await using var call = await ReserveAsync(Call(output: 10));
        }

        using var next = Begin(1_000_000);
        Assert.NotEqual(first, next.Id);
        Assert.Equal(Money.Zero, next.Budget.Spent);
    }

    private static ProviderReport Used(long output) => new() { Usage = new Usage { Input = 1, Output = output } };

    private static ModelCall Call(long output, long least = 1) => new()
    {
        Agent = "a",
        Run = SpendGuardScope.Current?.Run,
        Model = Model,
        Shape = new CallShape { InputBound = 1, OutputTokens = output, LeastOutputTokens = least },
    };

    private static Task<T> OutsideAsync<T>(Func<Task<T>> work)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(work);
        }
    }

    private SpendGuardRun Begin(long microcents) => _engine.BeginRun("a", Money.FromMicrocents(microcents));

    private Task<ReservedCall> ReserveAsync(ModelCall call) => _engine.ReserveAsync(call).AsTask();

    private async Task<Budget> BudgetAsync() => (await _engine.FindBudgetAsync("a"))!;

    private async Task<List<LedgerEntry>> LedgerAsync() => await _engine.ReadLedgerAsync().ToListAsync();
}
