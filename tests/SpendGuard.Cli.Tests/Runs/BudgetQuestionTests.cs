using System.Threading.Channels;
using SpendGuard.Bounds;
using SpendGuard.Cli.Runs.Asking;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Cli.Tests.Runs;

public sealed class BudgetQuestionTests : IAsyncDisposable
{
    private static readonly AgentId Agent = "nightly";

    private readonly SpendGuardEngine _engine = new(new InMemoryBudgetStore(), new Pricing.Prices(PriceBook.LoadBundled()));
    private readonly WatchedWriter _shown = new();
    private readonly Channel<string?> _typed = Channel.CreateUnbounded<string?>();
    private readonly List<Money> _raises = [];
    private readonly BudgetQuestion _question;

    public BudgetQuestionTests() => _question = new BudgetQuestion(
        _shown.Write,
        async stop => await _typed.Reader.ReadAsync(stop),
        async (amount, _) =>
        {
            _raises.Add(amount);
            var budget = (await _engine.FindBudgetAsync(Agent))!;
            return (await _engine.SetBudgetAsync(Agent, budget.HardLimit + amount, amount)).HardLimit;
        });

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Amount_RaisesTheBudgetOnce_ForAllCallsThatWait()
    {
        var refusal = await RefusalAsync();
        var calls = Enumerable.Range(0, 5).Select(_ => _question.AskAsync(Agent, refusal, default).AsTask()).ToList();

        await _typed.Writer.WriteAsync("$2");

        Assert.All(await Task.WhenAll(calls), Assert.True);
        Assert.Equal([Money.FromDollars(2)], _raises);
        Assert.Single(Questions());
    }

    [Fact]
    public async Task CallThatWasRefusedBeforeTheRaise_IsTriedAgainUnasked()
    {
        var refusal = await RefusalAsync();
        await _typed.Writer.WriteAsync("2");
        Assert.True(await _question.AskAsync(Agent, refusal, default));

        Assert.True(await _question.AskAsync(Agent, refusal, default));

        Assert.Single(Questions());
    }

    /// <summary>As much as the call lacks, to the microcent.</summary>
    [Theory]
    [InlineData("y")]
    [InlineData(" Yes ")]
    public async Task Yes_IsTheLeastThatTheCallNeeds(string typed)
    {
        var refusal = await RefusalAsync();
        await _typed.Writer.WriteAsync(typed);

        Assert.True(await _question.AskAsync(Agent, refusal, default));

        Assert.Equal([Money.FromCents(4)], _raises);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n")]
    [InlineData("no")]
    [InlineData("N")]
    [InlineData(null)]
    public async Task No_IsForTheRestOfTheRun(string? typed)
    {
        var refusal = await RefusalAsync();
        await _typed.Writer.WriteAsync(typed);

        Assert.False(await _question.AskAsync(Agent, refusal, default));
        Assert.False(await _question.AskAsync(Agent, refusal, default));

        Assert.Single(Questions());
        Assert.Empty(_raises);
    }

    [Fact]
    public async Task WhatIsNoAmount_IsAskedForAgain()
    {
        var refusal = await RefusalAsync();
        await _typed.Writer.WriteAsync("plenty");
        await _typed.Writer.WriteAsync("0.5");

        Assert.True(await _question.AskAsync(Agent, refusal, default));

        Assert.Equal([Money.FromCents(50)], _raises);
        Assert.Contains("'plenty' is no amount", _shown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallsThatHaveAllGone_WithdrawTheQuestion_AndTheNextIsAskedAnew()
    {
        var refusal = await RefusalAsync();
        using var gone = new CancellationTokenSource();
        var one = _question.AskAsync(Agent, refusal, gone.Token).AsTask();
        await _shown.UntilAsync("Enter for no", times: 1);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        await _shown.UntilAsync("withdrawn", times: 1);
        var next = _question.AskAsync(Agent, refusal, default).AsTask();
        await _shown.UntilAsync("Enter for no", times: 2);
        await _typed.Writer.WriteAsync("1");

        Assert.True(await next);
    }

    [Fact]
    public async Task Question_SaysTheFigures()
    {
        await _typed.Writer.WriteAsync("");
        await _question.AskAsync(Agent, await RefusalAsync(), default);

        Assert.Contains("needs at least $0.05; $0.01 are left of $0.01", _shown.ToString(), StringComparison.Ordinal);
        Assert.Contains("(at least $0.04, which is y; Enter for no)", _shown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Question_AboutACallOfWhichNoCountIsKnown_SaysThatItGoesByBytes()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromCents(1));
        var model = new ModelKey("anthropic", "claude-haiku-4-5");
        var input = new InputBound(model, _engine.TokenCounters).AddText(new string('x', 100_000));
        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(async () => await _engine.ReserveAsync(
            new ModelCall { Agent = Agent, Model = model, Shape = new CallShape { InputBound = input.Tokens, Input = input, OutputTokens = 20 } }));
        await _typed.Writer.WriteAsync("");
        await _question.AskAsync(Agent, refusal, default);

        Assert.Contains($"needs {refusal.Required} by its bytes, as its exact count is not known; $0.01 are left", _shown.ToString(), StringComparison.Ordinal);
    }

    private string[] Questions() => _shown.ToString().Split("the budget does not carry")[1..];

    private async Task<InsufficientBudgetException> RefusalAsync()
    {
        await _engine.SetBudgetAsync(Agent, Money.FromCents(1));
        return await Assert.ThrowsAsync<InsufficientBudgetException>(
            async () => await _engine.ReserveAsync(new ToolCall { Agent = Agent, Tool = "dear", Price = Money.FromCents(5) }));
    }
}
