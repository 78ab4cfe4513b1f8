using Microsoft.Extensions.Time.Testing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Budgets.Approvals;

/// <summary>An engine and the clock that it goes by, and calls of 100 microcents, of which a budget or limit asks for more.</summary>
internal sealed class AskingAgent : IAsyncDisposable
{
    public const long Cost = 100;

    private static readonly ModelKey Model = new("test", "model");

    public AskingAgent()
    {
        var card = new RateCard { Model = Model, Rates = new() { Input = Rate.FromMicrocents(1), Output = Rate.FromMicrocents(1) }, MaxOutputTokens = 100_000 };
        Engine = new SpendGuardEngine(
            new InMemoryBudgetStore(), new Prices(new PriceBook("a test", DateTimeOffset.UnixEpoch, [card])), new SpendGuardOptions { LockedWait = TimeSpan.Zero }, Time);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));

    public SpendGuardEngine Engine { get; }

    public ValueTask DisposeAsync() => Engine.DisposeAsync();

    public static ModelCall Call(string agent = "a") => new()
    {
        Agent = agent,
        Run = "run",
        Model = Model,
        Shape = new CallShape { InputBound = Cost - 1, OutputTokens = 1 },
        LeastUsefulOutputTokens = 1,
    };

    public Task<InsufficientBudgetException> RefusedAsync(string agent = "a") =>
        Assert.ThrowsAsync<InsufficientBudgetException>(() => Engine.ReserveAsync(Call(agent)).AsTask());

    /// <summary>The request that a call leaves which does not fit.</summary>
    public async Task<ApprovalId> AskedAsync() => (await RefusedAsync()).Approval!.Value;

    public async Task<List<Approval>> ListAsync(ApprovalState? state = null) => await Engine.ListApprovalsAsync(state).ToListAsync();
}
