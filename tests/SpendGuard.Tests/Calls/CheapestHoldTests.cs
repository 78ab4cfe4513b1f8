using SpendGuard.Batches;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Providers;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Calls;

/// <summary>Bytes first; the tokenizer where they do not fit the budget; and nothing is counted for an agent that cannot pay for it.</summary>
public sealed class CheapestHoldTests
{
    private const string Text = "An agent never costs more than its budget, whatever it does and whatever breaks. ";

    private static readonly ModelKey Model = new("test", "model");
    private static readonly AgentId Agent = new("a");

    private readonly CountingRules _rules = new();

    [Fact]
    public async Task Reserve_BytesFit_AreHeldAndNothingIsCounted()
    {
        var held = (await ReserveAsync(budget: 1_000_000)).Reservation.Held;

        Assert.Equal(64 + Text.Length + 10, held.Microcents);
        Assert.Equal(0, _rules.Texts);
    }

    [Fact]
    public async Task Reserve_OnlyTheCountFits_IsHeldByIt()
    {
        var held = (await ReserveAsync(budget: 64 + 7 + 10)).Reservation.Held;

        Assert.Equal(64 + 7 + 10, held.Microcents);
        Assert.Equal(1, _rules.Texts);
    }

    /// <summary>The whole of the output fits by the count only: it is not shortened for the sake of a coarse bound.</summary>
    [Fact]
    public async Task Reserve_BytesFitWithLessOutput_IsCountedForTheWhole()
    {
        var reserved = await ReserveAsync(budget: 64 + Text.Length + 5);

        Assert.Equal((10, false), (reserved.OutputCap, reserved.OutputCapLowered));
        Assert.Equal(1, _rules.Texts);
    }

    /// <summary>What a call may hold of a budget leaves room for others, whichever bound of the input it goes by.</summary>
    [Theory]
    [InlineData(1_000, 50, 64 + 81 + 10, 0)]
    [InlineData(300, 26, 64 + 7 + 10, 1)]
    [InlineData(300, 1, 64 + 7 + 10, 1)]
    public async Task Reserve_UnderAShare_HoldsNoMoreOfTheBudget(long budget, int share, long held, int counted)
    {
        Assert.Equal(81, Text.Length);

        var reserved = await ReserveAsync(budget, share: share);

        Assert.Equal(held, reserved.Reservation.Held.Microcents);
        Assert.Equal(counted, _rules.Texts);
    }

    [Fact]
    public async Task Reserve_NothingRemains_IsRefusedAndNothingIsCounted()
    {
        await Assert.ThrowsAsync<InsufficientBudgetException>(() => ReserveAsync(budget: 0));

        Assert.Equal(0, _rules.Texts);
    }

    [Fact]
    public async Task Reserve_NoSuchAgent_IsRefusedAndNothingIsCounted()
    {
        await Assert.ThrowsAsync<BudgetNotFoundException>(() => ReserveAsync(budget: null));

        Assert.Equal(0, _rules.Texts);
    }

    /// <summary>That it does not fit by its bytes says nothing of the rate at which money is spent; that it does not by its count does.</summary>
    [Theory]
    [InlineData(64 + 7 + 1, null)]
    [InlineData(64 + 7, "breaker")]
    public async Task Reserve_UnderABreaker_TripsItByTheCountOnly(long limit, string? by)
    {
        var store = new InMemoryBudgetStore();
        var breaker = Limit.PerYear(Money.FromMicrocents(limit)).ThatPauses();

        if (by is null)
        {
            Assert.Equal(1, (await ReserveAsync(budget: 1_000, breaker: breaker, store: store)).OutputCap);
        }
        else
        {
            await Assert.ThrowsAsync<NodePausedException>(() => ReserveAsync(budget: 1_000, breaker: breaker, store: store));
        }

        Assert.Equal(1, _rules.Texts);
        Assert.Equal(by, (await store.FindPathAsync(Agent, default))[0].Node.Pause?.By);
    }

    [Theory]
    [InlineData(2 * (64 + 7 + 10), null)]
    [InlineData((2 * (64 + 7 + 10)) - 1, "breaker")]
    public async Task ReserveABatch_UnderABreaker_TripsItByTheCountOnly(long limit, string? by)
    {
        var store = new InMemoryBudgetStore();
        await using var engine = await EngineAsync(budget: 1_000, share: null, Limit.PerYear(Money.FromMicrocents(limit)).ThatPauses(), store);
        var reserve = async () => await engine.ReserveAsync(new ModelBatch { Requests = [Call(1), Call(1)], Lifetime = TimeSpan.FromHours(1) });

        if (by is null)
        {
            Assert.Equal(limit, (await reserve()).Reservation.Held.Microcents);
        }
        else
        {
            await Assert.ThrowsAsync<NodePausedException>(reserve);
        }

        Assert.Equal(by, (await store.FindPathAsync(Agent, default))[0].Node.Pause?.By);
    }

    [Fact]
    public async Task Reserve_CallerHasGone_StopsCountingAndHoldsNothing()
    {
        using var gone = new CancellationTokenSource();
        _rules.Counted = gone.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReserveAsync(budget: 64 + 7 + 10, texts: 2, cancellationToken: gone.Token));
        Assert.Equal(1, _rules.Texts);
    }

    private async Task<ReservedCall> ReserveAsync(
        long? budget, int texts = 1, int? share = null, Limit? breaker = null, InMemoryBudgetStore? store = null, CancellationToken cancellationToken = default)
    {
        var engine = await EngineAsync(budget, share, breaker, store ?? new InMemoryBudgetStore());
        return await engine.ReserveAsync(Call(texts), cancellationToken);
    }

    private static async Task<SpendGuardEngine> EngineAsync(long? budget, int? share, Limit? breaker, InMemoryBudgetStore store)
    {
        var card = new RateCard { Model = Model, Rates = new() { Input = Rate.FromMicrocents(1), Output = Rate.FromMicrocents(1) }, MaxOutputTokens = 10 };
        var engine = new SpendGuardEngine(
            store,
            new Prices(new PriceBook("a test", DateTimeOffset.UnixEpoch, [card])),
            new SpendGuardOptions { LeastUsefulOutputTokens = 1, LockedWait = TimeSpan.Zero });
        if (budget is { } amount)
        {
            await engine.SetBudgetAsync(Agent, Money.FromMicrocents(amount), Money.FromMicrocents(amount), maxCallShare: share, cancellationToken: CancellationToken.None);
        }

        if (breaker is not null)
        {
            await engine.SetLimitAsync(Agent, breaker);
        }

        return engine;
    }

    private ModelCall Call(int texts)
    {
        var input = new InputBound(Model, _rules);
        for (var index = 0; index < texts; index++)
        {
            input.AddText(Text);
        }

        return new ModelCall { Agent = Agent, Model = Model, Shape = new CallShape { InputBound = input.Tokens, Input = input } };
    }

    /// <summary>Counts every text as seven tokens, and how many it was given.</summary>
    private sealed class CountingRules : IInputRules, ITokenCounter
    {
        public int Texts { get; private set; }

        public Action? Counted { get; set; }

        public ITokenCounter CounterOf(ModelKey model) => this;

        public long ToolPromptOf(ModelKey model) => 0;

        public long? ImageOf(ModelKey model, ImageSize? size, string? detail) => null;

        public bool ImagesNeedSize(ModelKey model) => false;

        public long Bound(string text, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Texts++;
            Counted?.Invoke();
            return 7;
        }
    }
}
