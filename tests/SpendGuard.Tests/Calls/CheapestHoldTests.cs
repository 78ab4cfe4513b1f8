using SpendGuard.Bounds;
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

    [Fact]
    public async Task Reserve_CallerHasGone_StopsCountingAndHoldsNothing()
    {
        using var gone = new CancellationTokenSource();
        _rules.Counted = gone.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReserveAsync(budget: 64 + 7 + 10, texts: 2, cancellationToken: gone.Token));
        Assert.Equal(1, _rules.Texts);
    }

    private async Task<ReservedCall> ReserveAsync(long? budget, int texts = 1, int? share = null, CancellationToken cancellationToken = default)
    {
        var card = new RateCard { Model = Model, Rates = new() { Input = Rate.FromMicrocents(1), Output = Rate.FromMicrocents(1) }, MaxOutputTokens = 10 };
        var engine = new SpendGuardEngine(
            new InMemoryBudgetStore(),
            new Prices(new PriceBook("a test", DateTimeOffset.UnixEpoch, [card])),
            new SpendGuardOptions { LeastUsefulOutputTokens = 1, LockedWait = TimeSpan.Zero });
        if (budget is { } amount)
        {
            await engine.SetBudgetAsync(Agent, Money.FromMicrocents(amount), Money.FromMicrocents(amount), maxCallShare: share, cancellationToken: CancellationToken.None);
        }

        var input = new InputBound(Model, _rules);
        for (var index = 0; index < texts; index++)
        {
            input.AddText(Text);
        }

        return await engine.ReserveAsync(
            new ModelCall { Agent = Agent, Model = Model, Shape = new CallShape { InputBound = input.Tokens, Input = input } }, cancellationToken);
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
