using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpendGuard.Testing;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.SignedPrices.Tests;

/// <summary>In process, as in the sidecar: no prices that verify, no engine.</summary>
public sealed class StartTests : IDisposable
{
    private readonly GuardedProcess _process = new();

    public void Dispose() => _process.Dispose();

    [Fact]
    public async Task Engine_GoodDocument_HoldsByItsPrices()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using var services = _process.Build(server.Url);

        Assert.Equal(["model-a"], services.Models());

        // The document is silent on cache writes, which cost a quarter more than input at the vendor's newest models.
        Assert.Equal(Money.FromMicrocents((10 * 30 * 5 / 4) + (20 * 120)), await services.HoldAsync("model-a"));
        await Assert.ThrowsAsync<UnknownModelException>(() => services.HoldAsync("gpt-4o-mini"));
        Assert.Empty(_process.Log.At(LogLevel.Warning));
        Assert.Equal([null], server.Requests);
    }

    [Fact]
    public async Task Engine_NoServer_IsNotMade()
    {
        await using var server = await PriceServer.StartAsync();
        using var services = _process.Build(server.Url);

        var failure = Assert.Throws<PricesUnavailableException>(() => services.Engine());

        Assert.StartsWith("The engine did not start: it got no prices from http://127.0.0.1:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("Check SignedPriceOptions.Source.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(_process.KeptPath));
    }

    [Fact]
    public async Task Engine_SignedWithAnotherKey_IsNotMade()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        using var services = _process.Build(server.Url, publicKey: PriceKeyPair.Generate().PublicKey);

        var failure = Assert.Throws<PricesUnavailableException>(() => services.Engine());

        Assert.Contains("The signature of the price document is wrong", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Check SignedPriceOptions.PublicKey", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_ChangedAfterItWasSigned_IsNotMade()
    {
        await using var server = await PriceServer.StartAsync(Documents.Tampered());
        using var services = _process.Build(server.Url);

        Assert.Contains("changed after it was signed", Assert.Throws<PricesUnavailableException>(() => services.Engine()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_ServerHangs_IsNotMadeAfterTheTimeout()
    {
        await using var server = await PriceServer.StartAsync();
        server.Answer(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var services = _process.Build(server.Url, prices => prices.Timeout = TimeSpan.FromSeconds(7));

        var asked = Task.Run(() => services.Engine());
        await Eventually.HoldsAsync(() => server.Requests.Count == 1);
        _process.Time.Advance(TimeSpan.FromSeconds(7));

        var failure = await Assert.ThrowsAsync<PricesUnavailableException>(() => asked);
        Assert.Contains("within 7 seconds. Check SignedPriceOptions.Source and SignedPriceOptions.Timeout.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_AfterAFailedStart_IsMadeOnceThereArePrices()
    {
        await using var server = await PriceServer.StartAsync();
        await using var services = _process.Build(server.Url);
        Assert.Throws<PricesUnavailableException>(() => services.Engine());

        server.Publish(Documents.Signed(), "\"1\"");

        Assert.Equal(["model-a"], services.Models());
    }

    [Fact]
    public async Task Engine_NotStrict_IsMadeAndRefusesCallsUntilPricesCome()
    {
        await using var server = await PriceServer.StartAsync();
        await using var services = _process.Build(server.Url, prices => prices.Strict = false);

        var refusal = await Assert.ThrowsAsync<PricesExpiredException>(() => services.HoldAsync("model-a"));
        Assert.Contains("which has given none yet", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("The engine starts without any", Assert.Single(_process.Log.At(LogLevel.Error)), StringComparison.Ordinal);

        server.Publish(Documents.Signed(), "\"1\"");
        await services.GetRequiredService<SignedPriceFeed>().RefreshAsync();
        await services.HoldAsync("model-a");
    }

    [Fact]
    public async Task Host_NoServer_DoesNotStart()
    {
        await using var server = await PriceServer.StartAsync();
        using var host = _process.BuildHost(server.Url);

        await Assert.ThrowsAsync<PricesUnavailableException>(() => host.StartAsync());
    }

    [Fact]
    public async Task Host_GoodDocument_HasThePricesWhenItHasStarted()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        using var host = _process.BuildHost(server.Url);
        await host.StartAsync();
        Assert.Equal([null], server.Requests);

        server.GoDown();
        Assert.Equal(["model-a"], host.Services.Models());
        await host.StopAsync();
    }

    [Fact]
    public async Task Engine_FileInPlaceOfAServer_HoldsByItsPrices()
    {
        await File.WriteAllBytesAsync(_process.PathOf("signed #1 %20.json"), Documents.Signed());
        await using var services = _process.Build(_process.PathOf("signed #1 %20.json"));

        Assert.Equal(["model-a"], services.Models());
    }

    [Fact]
    public async Task AddSpendGuard_BundledBefore_StillTakesSignedPrices()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_process.Time).AddSpendGuard(o => o.UseInMemoryStore());
        services.AddSpendGuard(o => o.UseSignedPrices(server.Url, Documents.Keys.PublicKey, prices => prices.KeptPath = null));
        await using var provider = services.BuildServiceProvider();

        Assert.Equal(["model-a"], provider.Models());
    }
}
