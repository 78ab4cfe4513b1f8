using Microsoft.Extensions.Logging;
using SpendGuard.SignedPrices;
using SpendGuard.SignedPrices.Tests;

namespace SpendGuard.Sidecar.Tests.SignedPrices;

/// <summary>What was accepted before a restart, and what becomes of it.</summary>
public sealed class KeptDocumentTests : IDisposable
{
    private readonly RemotePrices _prices = new();

    public void Dispose() => _prices.Dispose();

    [Fact]
    public async Task Start_OlderDocumentThanBeforeTheRestart_StartsWithTheKeptOne()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await _prices.RunOnceAsync(server);

        server.Publish(Documents.Signed(Documents.Now.AddSeconds(-1), model: "model-old"), "\"0\"");
        await using var sidecar = await _prices.StartAsync(server);

        Assert.Equal(["model-a"], RemotePrices.Models(sidecar));
        Assert.Contains("before one that was accepted already", Assert.Single(sidecar.Log.At(LogLevel.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OlderDocumentAfterTheKeptOneExpired_Fails()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await _prices.RunOnceAsync(server);
        _prices.Time.Advance(TimeSpan.FromHours(2));

        server.Publish(Documents.Signed(Documents.Now.AddSeconds(-1), Documents.Now.AddYears(1), "model-old"), "\"0\"");
        await using var sidecar = _prices.Build(server);

        var failure = await Assert.ThrowsAsync<PricesUnavailableException>(() => sidecar.App.StartAsync());
        Assert.Contains("before one that was accepted already", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be used either: The price document has expired", failure.Message, StringComparison.Ordinal);
        Assert.Equal([null, null], server.Requests);
    }

    [Fact]
    public async Task Start_WhileTheServerIsDown_UsesTheKeptDocumentAndSaysSo()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await _prices.RunOnceAsync(server);

        server.GoDown();
        await using var sidecar = await _prices.StartAsync(server);

        Assert.Equal(["model-a"], RemotePrices.Models(sidecar));
        Assert.Contains("starts with those kept from before", Assert.Single(sidecar.Warnings), StringComparison.Ordinal);
        Assert.Contains("cannot be reached", (string)(await sidecar.GetAsync("/ready")).Body["prices"]!["last_failure"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NothingNewSinceTheLastRun_UsesTheKeptDocument()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await _prices.RunOnceAsync(server);
        await using var sidecar = await _prices.StartAsync(server);

        Assert.Equal([null, "\"1\""], server.Requests);
        Assert.Equal(["model-a"], RemotePrices.Models(sidecar));
        Assert.Empty(sidecar.Warnings);
    }

    [Theory]
    [InlineData("30", "3")]
    [InlineData("signature", "signatura")]
    [InlineData("\"document\"", "\"documents\"")]
    [InlineData("{", "")]
    public async Task Start_KeptFileWasTamperedWith_IgnoresItWithAWarning(string what, string by)
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await _prices.RunOnceAsync(server);
        await File.WriteAllTextAsync(_prices.KeptPath, (await File.ReadAllTextAsync(_prices.KeptPath)).Replace(what, by, StringComparison.Ordinal));

        await using (var sidecar = await _prices.StartAsync(server))
        {
            Assert.Equal(["model-a"], RemotePrices.Models(sidecar));
            Assert.Contains("are ignored", Assert.Single(sidecar.Warnings), StringComparison.Ordinal);
            Assert.Null(server.Requests[^1]);
        }

        await File.WriteAllTextAsync(_prices.KeptPath, (await File.ReadAllTextAsync(_prices.KeptPath)).Replace(what, by, StringComparison.Ordinal));
        server.GoDown();
        await using var again = _prices.Build(server);
        var failure = await Assert.ThrowsAsync<PricesUnavailableException>(() => again.App.StartAsync());
        Assert.Contains("were ignored", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"source":null,"document":null}""")]
    [InlineData("""{"source":"x","document":"\ud800"}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task Start_KeptFileIsRubbish_StartsWithoutIt(string content)
    {
        await File.WriteAllTextAsync(_prices.KeptPath, content);
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using var sidecar = await _prices.StartAsync(server);

        Assert.Equal(["model-a"], RemotePrices.Models(sidecar));
    }

    [Fact]
    public async Task Start_AnotherSourceThanBefore_DoesNotUseTheKeptDocumentButItsDate()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await _prices.RunOnceAsync(server);

        await using var other = await PriceServer.StartAsync(Documents.Signed(Documents.Now.AddSeconds(-1)), "\"1\"");
        await using var sidecar = _prices.Build(other);
        var failure = await Assert.ThrowsAsync<PricesUnavailableException>(() => sidecar.App.StartAsync());

        Assert.Contains("before one that was accepted already", failure.Message, StringComparison.Ordinal);
        Assert.Contains("are from http", failure.Message, StringComparison.Ordinal);
        Assert.Equal([null], other.Requests);
    }

    [Fact]
    public async Task Start_KeptFileCannotBeWritten_GoesOnWithAWarning()
    {
        Directory.CreateDirectory(Path.Combine(_prices.KeptPath, "in the way"));
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using var sidecar = await _prices.StartAsync(server);

        Assert.Equal(["model-a"], RemotePrices.Models(sidecar));
        Assert.Contains(sidecar.Warnings, text => text.Contains("could not be kept", StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(_prices.Folder.Path, "*.tmp"));
    }
}
