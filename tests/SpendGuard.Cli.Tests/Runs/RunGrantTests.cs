using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Budgets;
using SpendGuard.Cli.Runs;
using SpendGuard.Cli.Runs.Sidecars;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Cli.Tests.Runs;

public sealed class RunGrantTests : IAsyncDisposable
{
    private static readonly AgentId Agent = "nightly";
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 12, 0, 0, TimeSpan.FromHours(1));

    private readonly FakeTimeProvider _time = new(Monday);
    private readonly SpendGuardEngine _engine;

    public RunGrantTests() => _engine = new SpendGuardEngine(new InMemoryBudgetStore(), new Pricing.Prices(PriceBook.LoadBundled()), time: _time);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task FirstRun_IsGranted_AndLaterOnesGoOnWithWhatIsLeft()
    {
        Assert.Equal(Money.FromDollars(5), (await GiveAsync(5)).Remaining);
        await SpendAsync(2);

        Assert.Equal(Money.FromDollars(3), (await GiveAsync(5)).Remaining);
        Assert.Equal(Money.FromDollars(3), (await GiveAsync(budget: null)).Remaining);
    }

    [Fact]
    public async Task AnotherBudget_IsTheNewLimit_AndTheDifferenceIsAdded()
    {
        await GiveAsync(5);
        await SpendAsync(2);

        Assert.Equal(Money.FromDollars(8), (await GiveAsync(10)).Remaining);
        Assert.Equal(Money.FromDollars(1), (await GiveAsync(1)).Remaining);
    }

    /// <summary>What has been spent is what an amount that is added twice would give back: the limit keeps it from nothing else.</summary>
    [Fact]
    public async Task TwoAtOnceThatRaise_AddTheDifferenceOnce()
    {
        const int Runs = 8;
        await GiveAsync(5);
        await SpendAsync(5);
        var read = 0;
        var allHaveRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var both = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => GiveAsync(10, beforeTheChange: () =>
        {
            if (Interlocked.Increment(ref read) == Runs)
            {
                allHaveRead.SetResult();
            }

            return allHaveRead.Task;
        })));

        Assert.All(both, budget => Assert.Equal((Money.FromDollars(10), Money.FromDollars(5)), (budget.Granted, budget.Remaining)));
    }

    [Fact]
    public async Task NoBudgetAndNoneAskedFor_IsAWrongOrder()
    {
        var refused = await Assert.ThrowsAsync<CommandFailedException>(() => GiveAsync(budget: null));

        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.Contains("--budget", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PerDay_FillsItUpOnceADay()
    {
        Assert.Equal(Money.FromDollars(5), (await GiveAsync(5, Monday)).Remaining);
        await SpendAsync(4);
        Assert.Equal(Money.FromDollars(1), (await GiveAsync(5, Monday)).Remaining);

        Assert.Equal(Money.FromDollars(5), (await GiveAsync(5, Monday.AddDays(1))).Remaining);
        await SpendAsync(5);
        Assert.Equal(Money.Zero, (await GiveAsync(5, Monday.AddDays(1))).Remaining);
    }

    [Fact]
    public async Task PerDay_NeverFillsItAboveTheLimit()
    {
        await GiveAsync(5, Monday);
        await SpendAsync(1);

        Assert.Equal(Money.FromDollars(5), (await GiveAsync(5, Monday.AddDays(3))).Remaining);
    }

    [Fact]
    public async Task PerDay_WithAnotherBudgetOnTheSameDay_AddsTheDifference()
    {
        await GiveAsync(5, Monday);
        await SpendAsync(4);

        Assert.Equal(Money.FromDollars(3), (await GiveAsync(7, Monday)).Remaining);
        Assert.Equal(Money.FromDollars(3), (await GiveAsync(7, Monday)).Remaining);
    }

    /// <summary>The figures of a day before are of no account, and which day it is the clock of this machine says.</summary>
    [Theory]
    [InlineData(24)]
    [InlineData(12.5)]
    public async Task PerDay_WithAnotherBudgetOnTheNextDay_AddsTheDifferenceToThatDays(double hours)
    {
        await GiveAsync(10, Monday);
        await SpendAsync(10);
        _time.Advance(TimeSpan.FromHours(hours));
        Assert.Equal(Money.FromDollars(5), (await GiveAsync(5, Monday.AddHours(hours))).Remaining);
        await SpendAsync(5);

        Assert.Equal(Money.FromDollars(2), (await GiveAsync(7, Monday.AddHours(hours))).Remaining);
    }

    /// <summary>Each gets what it asks for, however often the same figures come again.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BudgetsInTurns_AreEachTheLimit(bool perDay)
    {
        foreach (var dollars in (decimal[])[1, 0.5m, 1, 0.5m, 1, 0.5m])
        {
            var budget = await GiveAsync(dollars, perDay ? Monday : null);

            Assert.Equal(Money.FromDollars(dollars), budget.Limit);
            Assert.InRange(budget.Remaining.Microcents, 0, budget.Limit.Microcents);
        }
    }

    /// <summary>Two jobs of one agent, each with a figure of its own.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BudgetsInTurns_AddUpToTheHighest(bool perDay)
    {
        var spent = 0m;
        for (var turn = 0; turn < 8; turn++)
        {
            var budget = await GiveAsync(turn % 2 == 0 ? 5 : 10, perDay ? Monday : null);
            var all = budget.Remaining.Microcents / 100_000_000m;
            spent += all;
            if (all > 0)
            {
                await SpendAsync(all);
            }
        }

        Assert.Equal(10, spent);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(Money.FromDollars(perDay ? 5 : 0), (await GiveAsync(5, perDay ? Monday.AddDays(1) : null)).Remaining);
    }

    private async Task SpendAsync(decimal dollars)
    {
        var call = await _engine.ReserveAsync(new ToolCall { Agent = Agent, Tool = "dear", Price = Money.FromDollars(dollars) });
        await call.SettleAsync();
    }

    private Task<RunBudget> GiveAsync(decimal? budget, DateTimeOffset? perDay = null, Func<Task>? beforeTheChange = null) => RunGrant.GiveAsync(
        new OnlyBudgets(_engine, beforeTheChange),
        new RunOrder { Command = ["x"], Budget = budget is { } dollars ? Money.FromDollars(dollars) : null, Agent = Agent, PerDay = perDay is not null },
        Agent,
        perDay ?? Monday,
        CancellationToken.None);

    /// <summary>Of a sidecar, what sets budgets.</summary>
    /// <param name="engine">Has them.</param>
    /// <param name="beforeTheChange">Is waited for when a budget and its limits have been read; null for nothing.</param>
    private sealed class OnlyBudgets(SpendGuardEngine engine, Func<Task>? beforeTheChange) : IRunBudgets
    {
        public async ValueTask<RunBudget?> FindBudgetAsync(AgentId agent, CancellationToken stop) =>
            await engine.FindBudgetAsync(agent, stop) is { } budget ? RunBudget.Of(budget) : null;

        public async Task<RunBudget?> SetBudgetAsync(AgentId agent, Money limit, Money topUp, string idempotencyKey, CancellationToken stop)
        {
            try
            {
                return RunBudget.Of(await engine.SetBudgetAsync(agent, limit, topUp, idempotencyKey: idempotencyKey, cancellationToken: stop));
            }
            catch (IdConflictException)
            {
                return null;
            }
        }

        public async IAsyncEnumerable<(DateTimeOffset At, Money Limit)> ReadLimitsAsync(AgentId agent, [EnumeratorCancellation] CancellationToken stop)
        {
            await foreach (var entry in engine.ReadLedgerAsync(agent, 0, stop).Where(static entry => entry.Kind == LedgerEntryKind.BudgetSet))
            {
                yield return (entry.At, entry.HardLimit);
            }

            await (beforeTheChange?.Invoke() ?? Task.CompletedTask);
        }
    }
}
