using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Calls;

public sealed class BackgroundEndTests
{
    /// <summary>No timer takes such a time; the call was never ended then, and the engine waited for it when it was disposed.</summary>
    [Fact]
    public async Task EndInBackground_AnyTimeAtAll_EndsTheCall()
    {
        var store = new InMemoryBudgetStore();
        await using (var engine = new SpendGuardEngine(store, new Prices(PriceBook.LoadBundled())))
        {
            await engine.SetBudgetAsync("a", Money.FromDollars(1));
            await using var reserved = await engine.ReserveAsync(new ModelCall
            {
                Agent = "a",
                Model = new ModelKey("openai", "gpt-4o"),
                Shape = new CallShape { InputBound = 100, OutputTokens = 100 },
            });

            Assert.Throws<ArgumentOutOfRangeException>(() => reserved.EndInBackground(_ => Task.CompletedTask, TimeSpan.FromTicks(-1)));
            reserved.EndInBackground(
                async _ => await reserved.EndAsync(new ProviderReport { Usage = new Usage { Input = 100, Output = 100 } }), TimeSpan.MaxValue);
        }

        var budget = await store.FindBudgetAsync("a", CancellationToken.None);
        Assert.Equal((Money.Zero, 0), (budget!.Held, budget.InFlight));
        Assert.Equal(125_000, budget.Spent.Microcents);
    }
}
