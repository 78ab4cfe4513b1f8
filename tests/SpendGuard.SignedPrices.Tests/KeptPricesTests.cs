using Microsoft.Extensions.Logging;

namespace SpendGuard.SignedPrices.Tests;

/// <summary>What the last good document is kept for: a start without its source, and no way back to older prices.</summary>
public sealed class KeptPricesTests : IDisposable
{
    private readonly GuardedProcess _process = new();

    public void Dispose() => _process.Dispose();

    [Fact]
    public async Task Restart_NoServer_StartsWithTheKeptDocumentAndSaysSo()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await RunOnceAsync(server);

        server.GoDown();
        await using var services = _process.Build(server.Url);

        Assert.Equal(["model-a"], services.Models());
        await services.HoldAsync("model-a");
        Assert.Contains("The engine starts with those kept from before", Assert.Single(_process.Log.At(LogLevel.Warning)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_NoServerAndTheKeptDocumentExpired_Fails()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await RunOnceAsync(server);

        server.GoDown();
        _process.Time.Advance(TimeSpan.FromHours(2));
        using var services = _process.Build(server.Url);

        Assert.Contains("cannot be used either", Assert.Throws<PricesUnavailableException>(() => services.Engine()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_NothingNew_AsksWithTheKeptTag()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await RunOnceAsync(server);
        await using var services = _process.Build(server.Url);

        Assert.Equal(["model-a"], services.Models());
        Assert.Equal([null, "\"1\""], server.Requests);
    }

    [Fact]
    public async Task Restart_OlderDocument_IsRefusedAndTheKeptOneStays()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await RunOnceAsync(server);

        server.Publish(Documents.Signed(Documents.Now.AddSeconds(-1), model: "model-old"), "\"0\"");
        await using var services = _process.Build(server.Url);

        Assert.Equal(["model-a"], services.Models());
        Assert.Contains("before one that was accepted already", Assert.Single(_process.Log.At(LogLevel.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_KeptDocumentMadeCheaper_IsNotUsed()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await RunOnceAsync(server);
        await File.WriteAllTextAsync(_process.KeptPath, Documents.Cheaper(await File.ReadAllTextAsync(_process.KeptPath)));

        server.GoDown();
        using var services = _process.Build(server.Url);

        Assert.Contains("were ignored", Assert.Throws<PricesUnavailableException>(() => services.Engine()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_KeepingNothing_DependsOnTheSource()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using (var services = _process.Build(server.Url, prices => prices.KeptPath = null))
        {
            Assert.Equal(["model-a"], services.Models());
        }

        server.GoDown();
        using var again = _process.Build(server.Url, prices => prices.KeptPath = null);

        Assert.Throws<PricesUnavailableException>(() => again.Engine());
        Assert.False(File.Exists(_process.KeptPath));
    }

    private async Task RunOnceAsync(PriceServer server)
    {
        await using var services = _process.Build(server.Url);
        services.Engine();
    }
}
