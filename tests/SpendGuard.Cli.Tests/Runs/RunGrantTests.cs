using SpendGuard.Budgets;
using SpendGuard.Cli.Runs;
using SpendGuard.Cli.Runs.Sidecars;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Cli.Tests.Runs;

public sealed class RunGrantTests : IAsyncDisposable
{
    private static readonly AgentId Agent = "nightly";
    private static readonly DateOnly Monday = new(2026, 11, 23);

    private readonly SpendGuardEngine _engine = new(new InMemoryBudgetStore(), new Pricing.Prices(PriceBook.LoadBundled()));

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

    [Fact]
    public async Task TwoAtOnceThatRaise_AddTheDifferenceOnce()
    {
        await GiveAsync(5);
        var both = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => GiveAsync(10))));

        Assert.All(both, budget => Assert.Equal(Money.FromDollars(10), budget.Granted));
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

    private async Task SpendAsync(decimal dollars)
    {
        var call = await _engine.ReserveAsync(new ToolCall { Agent = Agent, Tool = "dear", Price = Money.FromDollars(dollars) });
        await call.SettleAsync();
    }

    private Task<RunBudget> GiveAsync(decimal? budget, DateOnly? perDay = null) => RunGrant.GiveAsync(
        new OnlyBudgets(_engine),
        new RunOrder { Command = ["x"], Budget = budget is { } dollars ? Money.FromDollars(dollars) : null, Agent = Agent, PerDay = perDay is not null },
        Agent,
        perDay ?? Monday,
        CancellationToken.None);

    /// <summary>Of a sidecar, what sets budgets.</summary>
    private sealed class OnlyBudgets(SpendGuardEngine engine) : IRunBudgets
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
    }
}
