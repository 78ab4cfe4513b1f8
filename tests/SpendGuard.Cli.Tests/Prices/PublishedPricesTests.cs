using System.Globalization;
using System.Text.Json;
using SpendGuard.Sidecar.Testing;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.Cli.Tests.Prices;

/// <summary>An organisation's own prices, from a fresh key to a sidecar that starts strictly with them and bills by them.</summary>
public sealed class PublishedPricesTests : IAsyncLifetime
{
    private readonly PriceFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly WatchedWriter _output = new();
    private Task<Ran> _serving = null!;

    private Ran Served => new(0, _output.ToString(), "");

    public async Task InitializeAsync()
    {
        File.Copy(PriceFolder.Sample("prices.json"), _folder.PathOf("prices.json"), overwrite: true);
        await _folder.KeygenAsync();
        _folder.Time.SetUtcNow(TimeProvider.System.GetUtcNow());
        _serving = _folder.Cli.RunAsync(
            ["prices", "serve", "--in", "prices.json", "--key", "prices.key", "--urls", "http://127.0.0.1:0"], _output, _stop.Token);
        await Task.WhenAny(_serving, _output.UntilAsync("CAP_PRICING_SIGNING_PUBLIC_KEY=", 1));
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Sidecar_ThatStartsStrictlyWithServedPrices_TakesWhatTheProviderCharges()
    {
        await using var sidecar = await StartAsync(Served.Value("CAP_PRICING_SIGNING_PUBLIC_KEY"));
        var agent = await sidecar.AgentWithBudgetAsync();

        Assert.Equal(200, await sidecar.ChatAsync(agent));

        using var budget = JsonDocument.Parse(await sidecar.Client.GetStringAsync(new Uri($"/v1/agents/{agent}/budget", UriKind.Relative)));
        Assert.Equal(
            sidecar.Provider.Bill.TotalMicrocents.ToString(CultureInfo.InvariantCulture), budget.RootElement.GetProperty("spent_microcents").GetRawText());
    }

    [Fact]
    public async Task Sidecar_WithAnotherKey_DoesNotStart()
    {
        var other = PriceKeyPair.Generate().PublicKey;

        var failure = await Assert.ThrowsAsync<PricesUnavailableException>(() => StartAsync(other));

        Assert.Contains("The signature of the price document is wrong", failure.Message, StringComparison.Ordinal);
    }

    private Task<SidecarFixture> StartAsync(string publicKey) => RunningSidecar.StartAsync(
        ("CAP_PRICING_SOURCE", "remote"), ("CAP_PRICING_URL", Served.Value("CAP_PRICING_URL")), ("CAP_PRICING_SIGNING_PUBLIC_KEY", publicKey));
}
