using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpendGuard.Testing;

namespace SpendGuard.SignedPrices.Tests;

/// <summary>What becomes of prices while the engine works.</summary>
public sealed class RefreshTests : IDisposable
{
    private static readonly DateTimeOffset NextYear = Documents.Now.AddYears(1);

    private readonly GuardedProcess _process = new();

    public void Dispose() => _process.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Background_NewerDocument_IsTakenOverWithoutACall(bool inHost)
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed(expiresAt: NextYear));
        using var host = inHost ? _process.BuildHost(server.Url) : null;
        await using var bare = inHost ? null : _process.Build(server.Url);
        var services = host?.Services ?? bare!;
        await (host?.StartAsync() ?? Task.CompletedTask);
        Assert.Equal(["model-a"], services.Models());

        server.Publish(Documents.Signed(Documents.Now.AddSeconds(1), NextYear, "model-b"), "\"2\"");
        await Eventually.HoldsAsync(() => services.Models().SequenceEqual(["model-b"]), nudge: () => _process.Time.Advance(TimeSpan.FromSeconds(5)));

        await services.HoldAsync("model-b");
        Assert.Equal([null, "\"1\""], server.Requests.Take(2));
    }

    [Fact]
    public async Task Background_LooksPricesUpAsOftenAsIsSet()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed(expiresAt: NextYear));
        await using var services = _process.Build(server.Url, prices => prices.RefreshEvery = TimeSpan.FromMinutes(1));
        services.Engine();

        _process.Time.Advance(TimeSpan.FromSeconds(60));

        await Eventually.HoldsAsync(() => server.Requests.Count == 2);
    }

    [Fact]
    public async Task Background_DocumentThatExpiresSoon_IsLookedUpHalfWay()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed(expiresAt: Documents.Now.AddSeconds(90)));
        await using var services = _process.Build(server.Url);
        services.Engine();

        // Half of the 90 seconds and the 30 by which clocks may differ.
        _process.Time.Advance(TimeSpan.FromSeconds(60));

        await Eventually.HoldsAsync(() => server.Requests.Count == 2);
    }

    [Fact]
    public async Task Background_OlderDocument_IsRefusedAndTheNewerOneStays()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed(expiresAt: NextYear));
        await using var services = _process.Build(server.Url);
        services.Engine();
        server.Publish(Documents.Signed(Documents.Now.AddSeconds(2), NextYear, "model-b"), "\"2\"");
        await services.GetRequiredService<SignedPriceFeed>().RefreshAsync();

        server.Publish(Documents.Signed(Documents.Now.AddSeconds(1), NextYear, "model-a"), "\"3\"");
        await Eventually.HoldsAsync(() => _process.Log.At(LogLevel.Error).Count > 0, nudge: () => _process.Time.Advance(TimeSpan.FromSeconds(5)));

        Assert.All(_process.Log.At(LogLevel.Error), text => Assert.Contains("before one that was accepted already", text, StringComparison.Ordinal));
        Assert.Equal(["model-b"], services.Models());
        await services.HoldAsync("model-b");
    }

    [Fact]
    public async Task Refresh_DocumentThatIsNotGenuine_ChangesNothing()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using var services = _process.Build(server.Url);
        services.Engine();
        var kept = await File.ReadAllTextAsync(_process.KeptPath);

        server.Publish(Documents.Tampered(), "\"evil\"");
        var feed = services.GetRequiredService<SignedPriceFeed>();
        await feed.RefreshAsync();

        Assert.Equal(["model-a"], services.Models());
        Assert.Equal(kept, await File.ReadAllTextAsync(_process.KeptPath));
        Assert.Contains("signature of the price document is wrong", feed.LastFailure!.Sentence, StringComparison.Ordinal);
        Assert.Equal(Documents.Now, feed.LastFailure.At);
    }

    [Fact]
    public async Task ServerDown_PricesServeUntilTheyExpire_ThenCallsAreRefused_UntilNewOnesCome()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using var services = _process.Build(server.Url);
        services.Engine();
        server.GoDown();

        _process.Time.Advance(TimeSpan.FromMinutes(60) + TimeSpan.FromSeconds(29));
        await services.HoldAsync("model-a");
        _process.Time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<PricesExpiredException>(() => services.HoldAsync("model-a"));

        server.Publish(Documents.Signed(_process.Time.GetUtcNow()), "\"2\"");
        await services.GetRequiredService<SignedPriceFeed>().RefreshAsync();
        await services.HoldAsync("model-a");
    }

    [Fact]
    public async Task Dispose_WhilePricesAreLookedUp_GivesUp()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed(expiresAt: NextYear));
        var services = _process.Build(server.Url);
        services.Engine();
        server.Answer(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        _process.Time.Advance(TimeSpan.FromMinutes(5));
        await Eventually.HoldsAsync(() => server.Requests.Count == 2);

        await services.DisposeAsync();

        Assert.Empty(_process.Log.At(LogLevel.Error));
    }
}
