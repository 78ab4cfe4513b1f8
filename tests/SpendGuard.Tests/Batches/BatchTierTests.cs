using SpendGuard.Batches;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Batches;

/// <summary>Half is the price of a batch's requests, and of nothing else.</summary>
public sealed class BatchTierTests : IAsyncDisposable
{
    private readonly SpendGuardEngine _engine = new(new InMemoryBudgetStore(), new Prices(PriceBook.LoadBundled()), new SpendGuardOptions { LockedWait = TimeSpan.Zero });

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Theory]
    [InlineData("anthropic", "claude-sonnet-5")]
    [InlineData("openai", "gpt-5.4")]
    public async Task Batch_IsHeldAtHalf_AndACallByItselfIsRefusedAtItsTier(string provider, string model)
    {
        await _engine.SetBudgetAsync("a", Money.FromDollars(10));
        var call = new ModelCall { Agent = "a", Model = new ModelKey(provider, model), Shape = new CallShape { InputBound = 100, OutputTokens = 1_000 } };
        var inBatch = call with { Shape = call.Shape with { ServiceTier = ServiceTier.Batch } };

        await using var alone = await _engine.ReserveAsync(call);
        await using var batch = await _engine.ReserveAsync(new ModelBatch { Requests = [inBatch, inBatch], Lifetime = TimeSpan.FromHours(25) });
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(async () => await _engine.ReserveAsync(inBatch));

        Assert.Equal(alone.Reservation.Held, batch.Reservation.Held);
        Assert.Contains("make a batch of the calls", refusal.Message, StringComparison.Ordinal);
    }
}
