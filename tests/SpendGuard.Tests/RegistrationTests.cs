using Microsoft.Extensions.DependencyInjection;
using SpendGuard.Bounds;
using SpendGuard.Pricing;

namespace SpendGuard.Tests;

/// <summary>Several parts of an application register the engine: a library, the application, its tests.</summary>
public sealed class RegistrationTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AddSpendGuard_CalledTwice_IsOneEngineWithTheOptionsOfBoth(bool storeFirst)
    {
        var services = new ServiceCollection();
        Action<SpendGuardOptions>[] calls =
        [
            options => options.UseInMemoryStore(),
            options => (options.DefaultOutputTokens, options.Prices) = (123, Prices),
        ];
        services.AddSpendGuard(calls[storeFirst ? 0 : 1]);
        services.AddSpendGuard();
        services.AddSpendGuard(calls[storeFirst ? 1 : 0]);
        await using var provider = services.BuildServiceProvider();
        var engine = Assert.Single(provider.GetServices<SpendGuardEngine>());

        await engine.SetBudgetAsync("a", Money.FromDollars(1));
        await using var call = await engine.ReserveAsync(new ModelCall
        {
            Agent = "a",
            Model = new ModelKey("openai", "mine"),
            Shape = new CallShape { InputBound = 1 },
        });
        Assert.Equal(123, call.OutputCap);
    }

    [Fact]
    public void AddSpendGuard_CalledWithTwoSourcesOfPrices_SaysSo()
    {
        var services = new ServiceCollection();
        var registered = 0;
        services.AddSpendGuard(options => options.PriceSource = _ => registered++);
        services.AddSpendGuard(options => options.DefaultOutputTokens = 1);
        Assert.Equal(1, registered);

        var refusal = Assert.Throws<InvalidOperationException>(() => services.AddSpendGuard(options => options.PriceSource = _ => { }));
        Assert.Contains("twice", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddSpendGuard_CalledWithTwoStores_SaysHowToChooseOne()
    {
        var services = new ServiceCollection();
        services.AddSpendGuard(options => options.DefaultOutputTokens = 1);
        services.AddSpendGuard(options => options.UseSqlite("one.db"));
        services.AddSpendGuard(options => options.UseSqlite("./one.db"));
        services.AddSpendGuard();

        foreach (var another in new Action<SpendGuardOptions>[] { options => options.UseSqlite("two.db"), options => options.UseInMemoryStore() })
        {
            var refusal = Assert.Throws<InvalidOperationException>(() => services.AddSpendGuard(another));
            Assert.Contains("Leave the store", refusal.Message, StringComparison.Ordinal);
        }
    }

    private static PriceBook Prices() => PriceBook.LoadBundled().With(new RateCard
    {
        Model = new ModelKey("openai", "mine"),
        Rates = new TokenRates { Input = Rate.FromMicrocents(1), Output = Rate.FromMicrocents(1) },
        MaxInputTokens = 1_000,
        MaxOutputTokens = 1_000,
    });
}
