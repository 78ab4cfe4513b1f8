using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.SignedPrices;
using SpendGuard.SignedPrices.Tests;

namespace SpendGuard.Sidecar.Tests.SignedPrices;

/// <summary>A sidecar that has its prices from a server, with its folder and clock in the hands of a test.</summary>
internal sealed class RemotePrices : IDisposable
{
    public TempFolder Folder { get; } = new();

    public FakeTimeProvider Time { get; } = new(Documents.Now);

    public string KeptPath => Folder.File("budget.db.prices.json");

    public void Dispose() => Folder.Dispose();

    public static SignedPriceFeed Feed(SidecarUnderTest sidecar) =>
        sidecar.App.Services.GetRequiredService<SignedPriceFeed>();

    public static IEnumerable<string> Models(SidecarUnderTest sidecar) =>
        sidecar.App.Services.GetRequiredService<SpendGuardEngine>().Prices.Current.Models.Select(model => model.Model);

    public static async Task<(int Status, string? Word)> ReadyAsync(SidecarUnderTest sidecar)
    {
        var (status, body) = await sidecar.GetAsync("/ready");
        return (status, (string?)body["status"]);
    }

    public SidecarUnderTest Build(PriceServer server, Dictionary<string, string?>? settings = null) => new(
        Folder,
        Time,
        new Dictionary<string, string?>(settings ?? [])
        {
            ["CAP_PRICING_URL"] = server.Url,
            ["CAP_PRICING_SIGNING_PUBLIC_KEY"] = Documents.Keys.PublicKey,
        });

    public async Task<SidecarUnderTest> StartAsync(PriceServer server, Dictionary<string, string?>? settings = null)
    {
        var sidecar = Build(server, settings);
        await sidecar.App.StartAsync();
        return sidecar;
    }

    public async Task RunOnceAsync(PriceServer server)
    {
        await using var sidecar = await StartAsync(server);
    }
}
