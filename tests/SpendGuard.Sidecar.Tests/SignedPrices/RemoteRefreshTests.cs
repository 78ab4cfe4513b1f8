using Microsoft.Extensions.Logging;
using SpendGuard.SignedPrices.Tests;

namespace SpendGuard.Sidecar.Tests.SignedPrices;

/// <summary>How prices follow those of the server while the sidecar runs.</summary>
public sealed class RemoteRefreshTests : IDisposable
{
    private readonly RemotePrices _prices = new();

    public void Dispose() => _prices.Dispose();

    [Fact]
    public async Task Background_NewDocument_IsTakenOverWithoutACall()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed(expiresAt: Documents.Now.AddYears(1)));
        await using var sidecar = await _prices.StartAsync(server);

        server.Publish(Documents.Signed(Documents.Now.AddSeconds(1), Documents.Now.AddYears(1), "model-b"), "\"2\"");
        _prices.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["model-a"], RemotePrices.Models(sidecar));
        await Eventually.HoldsAsync(() => RemotePrices.Models(sidecar).SequenceEqual(["model-b"]), nudge: () => _prices.Time.Advance(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Background_DocumentThatExpiresSoon_IsLookedUpBeforeTheInterval()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed(expiresAt: Documents.Now.AddSeconds(120)));
        await using var sidecar = await _prices.StartAsync(server);

        await Eventually.HoldsAsync(
            () => server.Requests.Count > 1,
            nudge: () =>
            {
                if (_prices.Time.GetUtcNow() < Documents.Now.AddSeconds(120))
                {
                    _prices.Time.Advance(TimeSpan.FromSeconds(5));
                }
            });
    }

    [Fact]
    public async Task Refresh_NotModified_KeepsThePricesAndAsksWithTheirTag()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed(), "W/\"of my own\"");
        await using var sidecar = await _prices.StartAsync(server);
        var book = RemotePrices.Feed(sidecar).Prices.Current;

        await RemotePrices.Feed(sidecar).RefreshAsync(CancellationToken.None);

        Assert.Equal([null, "W/\"of my own\""], server.Requests);
        Assert.Same(book, RemotePrices.Feed(sidecar).Prices.Current);
        Assert.Null(RemotePrices.Feed(sidecar).LastFailure);
    }

    [Fact]
    public async Task Refresh_NewDocument_IsPutInForceAndKept()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using var sidecar = await _prices.StartAsync(server);

        server.Publish(Documents.Signed(Documents.Now.AddSeconds(1), model: "model-b"), "\"2\"");
        await RemotePrices.Feed(sidecar).RefreshAsync(CancellationToken.None);
        await RemotePrices.Feed(sidecar).RefreshAsync(CancellationToken.None);

        Assert.Equal(["model-b"], RemotePrices.Models(sidecar));
        Assert.Equal([null, "\"1\"", "\"2\""], server.Requests);
        Assert.Contains("model-b", await File.ReadAllTextAsync(_prices.KeptPath), StringComparison.Ordinal);
        Assert.Equal(["budget.db.prices.json"], Directory.GetFiles(_prices.Folder.Path, "*prices*").Select(Path.GetFileName));
    }

    [Fact]
    public async Task Refresh_DocumentThatIsRefused_ChangesNothing()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using var sidecar = await _prices.StartAsync(server);
        var kept = await File.ReadAllTextAsync(_prices.KeptPath);

        server.Publish(Documents.Tampered(), "\"evil\"");
        await RemotePrices.Feed(sidecar).RefreshAsync(CancellationToken.None);
        await RemotePrices.Feed(sidecar).RefreshAsync(CancellationToken.None);

        Assert.Equal(["model-a"], RemotePrices.Models(sidecar));
        Assert.Equal(kept, await File.ReadAllTextAsync(_prices.KeptPath));
        Assert.Contains("signature of the price document is wrong", sidecar.Log.At(LogLevel.Error)[0], StringComparison.Ordinal);

        // The tag of a refused document is not that of the one in force.
        Assert.Equal([null, "\"1\"", "\"1\""], server.Requests);
        var (status, ready) = await sidecar.GetAsync("/ready");
        Assert.Equal(200, status);
        Assert.Contains("signature", (string)ready["prices"]!["last_failure"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_OlderDocument_IsRefused()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using var sidecar = await _prices.StartAsync(server);

        server.Publish(Documents.Signed(Documents.Now.AddSeconds(-1), model: "model-old"), "\"0\"");
        await RemotePrices.Feed(sidecar).RefreshAsync(CancellationToken.None);

        Assert.Equal(["model-a"], RemotePrices.Models(sidecar));
        Assert.Contains("before one that was accepted already", Assert.Single(sidecar.Log.At(LogLevel.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerDown_PricesServeUntilTheyExpire_ThenCallsAreRefused_UntilNewOnesCome()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using var sidecar = await _prices.StartAsync(server);
        var agent = await sidecar.AgentAsync();
        server.GoDown();
        await RemotePrices.Feed(sidecar).RefreshAsync(CancellationToken.None);

        // There is no provider behind the sidecar: 502 means that the call was let through.
        Assert.Equal(502, (await sidecar.CallAsync(agent, "model-a")).Status);
        Assert.Equal((200, "ready"), await RemotePrices.ReadyAsync(sidecar));
        Assert.Contains("stay until 2026-06-01 13:00:30Z", sidecar.Warnings.First(text => text.StartsWith("No newer", StringComparison.Ordinal)), StringComparison.Ordinal);

        _prices.Time.Advance(TimeSpan.FromMinutes(60) + TimeSpan.FromSeconds(30));
        var (status, body) = await sidecar.CallAsync(agent, "model-a");
        Assert.Equal(503, status);
        Assert.Contains("expired", body, StringComparison.Ordinal);
        var (readyStatus, ready) = await sidecar.GetAsync("/ready");
        Assert.Equal((503, "not ready"), (readyStatus, (string?)ready["status"]));
        Assert.Contains("have expired", (string)Assert.Single(ready["reasons"]!.AsArray())!, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", (string)ready["reasons"]![0]!, StringComparison.Ordinal);
        Assert.Equal(200, (await sidecar.GetAsync("/health")).Status);

        server.Publish(Documents.Signed(_prices.Time.GetUtcNow(), model: "model-a"), "\"2\"");
        await RemotePrices.Feed(sidecar).RefreshAsync(CancellationToken.None);
        Assert.Equal((200, "ready"), await RemotePrices.ReadyAsync(sidecar));
        Assert.Equal(502, (await sidecar.CallAsync(agent, "model-a")).Status);
    }
}
