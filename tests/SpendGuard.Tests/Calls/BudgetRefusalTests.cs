using Microsoft.Extensions.Time.Testing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Calls;

/// <summary>A budget that refuses says which of its causes it was, and the way out of that one.</summary>
public sealed class BudgetRefusalTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new();
    private readonly InMemoryBudgetStore _store = new();
    private SpendGuardEngine _engine = null!;

    public Task InitializeAsync()
    {
        _engine = new SpendGuardEngine(
            _store, new Prices(PriceBook.LoadBundled()), new SpendGuardOptions { LockedWait = TimeSpan.Zero }, _clock);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Locked_ByTheNumberOfCalls_NamesThatLimitAndHowToRaiseIt()
    {
        await _engine.SetBudgetAsync("a", Money.FromDollars(5), maxInFlight: 1);
        await using var held = await ReserveAsync("a");

        var refusal = await Assert.ThrowsAsync<BudgetLockedException>(() => ReserveAsync("a"));

        Assert.StartsWith(
            $"Agent budget is locked by an in-flight run: agent 'a' has {Money.FromDollars(5)} left, of which calls in flight hold {held.Reservation.Held}, and no more than 1 may be in flight at once.",
            refusal.Message,
            StringComparison.Ordinal);
        Assert.Contains("max_in_flight", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("needs at least", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Locked_ByWhatCallsHold_SaysWhatTheCallNeeds()
    {
        await _engine.SetBudgetAsync("a", Money.FromMicrocents(4_000), maxInFlight: 8);
        await using var held = await ReserveAsync("a", output: 10_000);

        var refusal = await Assert.ThrowsAsync<BudgetLockedException>(() => ReserveAsync("a"));

        Assert.Contains($"the call needs at least {refusal.Required}", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("max_in_flight", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>After a process was killed, its hold is there until it expires, and asking again in a second is of no use.</summary>
    [Theory]
    [InlineData(0, "5 min")]
    [InlineData(200, "2 min")]
    [InlineData(299, "1 min")]
    public async Task Locked_SaysWhenTheHoldOfAKilledProcessEndsByItself(int seconds, string told)
    {
        await _engine.SetBudgetAsync("a", Money.FromDollars(5), maxInFlight: 1);
        var now = _clock.GetUtcNow();
        await _store.ApplyAsync(
            new Reserve(ReservationId.New(), "a", Run: null, "p:m", Money.FromCents(1), Money.FromCents(1), now.AddMinutes(5), now), CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(seconds));

        var refusal = await Assert.ThrowsAsync<BudgetLockedException>(() => ReserveAsync("a"));

        Assert.Contains($"killed ends by itself, the first within {told}.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoBudget_OfAnAgentThatIsThere_AsksForOne()
    {
        await _engine.CreateAgentAsync("researcher", "a");

        var refusal = await Assert.ThrowsAsync<BudgetNotFoundException>(() => ReserveAsync("a"));

        Assert.Equal("Budget not found: agent 'a' has no budget, so it can spend nothing. Set one first.", refusal.Message);
    }

    /// <summary>The first mistake of all: the name in place of the id.</summary>
    [Fact]
    public async Task NoBudget_OfAnAgentThatIsNotThere_SaysSo()
    {
        await _engine.CreateAgentAsync("researcher", "a");

        var refusal = await Assert.ThrowsAsync<BudgetNotFoundException>(() => ReserveAsync("researcher"));

        Assert.StartsWith("Budget not found: there is no agent with the id 'researcher', and so no budget.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("not by its name", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoBudget_OfAnAgentThatWasDeleted_SaysSo()
    {
        await _engine.SetBudgetAsync("a", Money.FromDollars(5));
        await _engine.DeleteAgentAsync("a");

        var refusal = await Assert.ThrowsAsync<BudgetNotFoundException>(() => ReserveAsync("a"));

        Assert.StartsWith("Budget not found: agent 'a' was deleted, and its budget closed for good.", refusal.Message, StringComparison.Ordinal);
    }

    private Task<ReservedCall> ReserveAsync(AgentId agent, long output = 20) => _engine.ReserveAsync(new ModelCall
    {
        Agent = agent,
        Model = new ModelKey("openai", "gpt-4o-mini"),
        Shape = new CallShape { InputBound = 10, OutputTokens = output },
    }).AsTask();
}
