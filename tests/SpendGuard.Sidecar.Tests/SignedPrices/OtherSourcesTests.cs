using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Calls;
using SpendGuard.SignedPrices;
using SpendGuard.SignedPrices.Tests;

namespace SpendGuard.Sidecar.Tests.SignedPrices;

public sealed class OtherSourcesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Documents.Now);

    private string DocumentPath => _folder.File("signed.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task File_ThatVerifies_IsUsedAndReadAgainWhenItChanges()
    {
        await File.WriteAllBytesAsync(DocumentPath, Documents.Signed());
        await using var sidecar = BuildForFile();
        await sidecar.App.StartAsync();
        var feed = sidecar.App.Services.GetRequiredService<SignedPriceFeed>();
        var first = feed.Prices.Current;

        await feed.RefreshAsync(CancellationToken.None);
        Assert.Same(first, feed.Prices.Current);

        await File.WriteAllBytesAsync(DocumentPath, Documents.Signed(Documents.Now.AddSeconds(1), model: "model-b"));
        await feed.RefreshAsync(CancellationToken.None);
        Assert.Equal("model-b", Assert.Single(feed.Prices.Current.Models).Model);

        await File.WriteAllBytesAsync(DocumentPath, Documents.Signed(Documents.Now, model: "model-old"));
        await feed.RefreshAsync(CancellationToken.None);
        Assert.Equal("model-b", Assert.Single(feed.Prices.Current.Models).Model);
        Assert.Contains("before one that was accepted already", feed.LastFailure!.Sentence, StringComparison.Ordinal);

        File.Delete(DocumentPath);
        await feed.RefreshAsync(CancellationToken.None);
        Assert.Equal("model-b", Assert.Single(feed.Prices.Current.Models).Model);
        Assert.Contains("cannot be read", feed.LastFailure!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_ThatDoesNotVerify_FailsTheStart()
    {
        await File.WriteAllBytesAsync(DocumentPath, Documents.Tampered());
        await using var sidecar = BuildForFile();

        var failure = await Assert.ThrowsAsync<PricesUnavailableException>(() => sidecar.App.StartAsync());
        Assert.Contains("changed after it was signed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_ThatIsNotThere_FailsTheStart()
    {
        await using var sidecar = BuildForFile();

        var failure = await Assert.ThrowsAsync<PricesUnavailableException>(() => sidecar.App.StartAsync());
        Assert.Contains("Check CAP_PRICING_FILE", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bundled_StartsWithALoudWarningOnce()
    {
        await using var sidecar = Build(new() { ["CAP_PRICING_SOURCE"] = "bundled" });
        await sidecar.App.LoadPricesAsync();
        await sidecar.App.StartAsync();

        Assert.Contains("CAP_PRICING_SOURCE is bundled", Assert.Single(sidecar.Warnings), StringComparison.Ordinal);
        Assert.Equal(200, (await sidecar.GetAsync("/ready")).Status);
        Assert.True(sidecar.App.Services.GetRequiredService<SpendGuardEngine>().Prices.Current.Models.Count > 10);
    }

    [Fact]
    public async Task Ready_WithoutAnyKey_SaysWhichToSet()
    {
        await using var sidecar = Build(new()
        {
            ["CAP_PRICING_SOURCE"] = "bundled",
            ["OPENAI_API_KEY"] = "",
            ["XAI_API_KEY"] = "",
            ["GROK_API_KEY"] = "",
            ["GEMINI_API_KEY"] = "",
            ["ANTHROPIC_API_KEY"] = "",
        });
        await sidecar.App.StartAsync();

        var (status, body) = await sidecar.GetAsync("/ready");
        Assert.Equal(503, status);
        Assert.Contains("OPENAI_API_KEY", (string)Assert.Single(body["reasons"]!.AsArray())!, StringComparison.Ordinal);
        Assert.Equal((200, "ok"), ((await sidecar.GetAsync("/health")).Status, (string?)(await sidecar.GetAsync("/health")).Body["status"]));
    }

    [Fact]
    public async Task Ready_StoreCannotCommit_SaysSo()
    {
        await File.WriteAllTextAsync(_folder.File("budget.db"), new string('x', 8192));
        await using var sidecar = Build(new() { ["CAP_PRICING_SOURCE"] = "bundled" });
        await sidecar.App.StartAsync();

        var (status, body) = await sidecar.GetAsync("/ready");
        Assert.Equal(503, status);
        Assert.StartsWith("The store cannot commit.", (string)Assert.Single(body["reasons"]!.AsArray())!, StringComparison.Ordinal);
    }

    private SidecarUnderTest BuildForFile() => Build(new()
    {
        ["CAP_PRICING_SOURCE"] = "file",
        ["CAP_PRICING_FILE"] = DocumentPath,
        ["CAP_PRICING_SIGNING_PUBLIC_KEY"] = Documents.Keys.PublicKey,
    });

    private SidecarUnderTest Build(Dictionary<string, string?> settings) => new(_folder, _time, settings);
}
