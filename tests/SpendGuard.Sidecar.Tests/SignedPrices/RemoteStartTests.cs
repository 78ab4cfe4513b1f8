using Microsoft.AspNetCore.Http;
using SpendGuard.Pricing;
using SpendGuard.SignedPrices;
using SpendGuard.SignedPrices.Tests;

namespace SpendGuard.Sidecar.Tests.SignedPrices;

/// <summary>What a sidecar starts with, and without what it does not.</summary>
public sealed class RemoteStartTests : IDisposable
{
    private readonly RemotePrices _prices = new();

    public void Dispose() => _prices.Dispose();

    [Fact]
    public async Task Start_GoodDocument_PutsItInForceBeforeListening()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using var sidecar = await _prices.StartAsync(server);

        Assert.Equal(["model-a"], RemotePrices.Models(sidecar));
        Assert.Equal((200, "ready"), await RemotePrices.ReadyAsync(sidecar));
        Assert.DoesNotContain("secret", RemotePrices.Feed(sidecar).Prices.Current.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("down", "cannot be reached")]
    [InlineData("error", "status 500")]
    [InlineData("redirect", "redirects are not followed")]
    [InlineData("not modified", "status 304")]
    [InlineData("unsigned", "has no signature")]
    [InlineData("tampered", "signature of the price document is wrong")]
    [InlineData("expired", "has expired")]
    [InlineData("page", "is not a JSON object")]
    [InlineData("huge", "is larger than")]
    [InlineData("endless", "is larger than")]
    public async Task Start_WithoutADocumentThatVerifies_Fails(string answer, string why)
    {
        await using var server = await PriceServer.StartAsync();
        server.Answer(context => AnswerAsync(context, answer));
        await using var sidecar = _prices.Build(server);

        var failure = await Assert.ThrowsAsync<PricesUnavailableException>(() => sidecar.App.StartAsync());

        Assert.StartsWith("The sidecar did not start: it got no prices from http://127.0.0.1:", failure.Message, StringComparison.Ordinal);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);

        // The way around is for a server that cannot be had, and not for a document that must not be used.
        var unreachable = answer is "down" or "error" or "redirect" or "not modified";
        Assert.Equal(unreachable, failure.Message.Contains("set CAP_PRICING_SOURCE=bundled", StringComparison.Ordinal));
        Assert.Equal(unreachable, failure.Message.Contains("spendguard prices serve", StringComparison.Ordinal));
        Assert.False(File.Exists(_prices.KeptPath));
        Assert.Throws<PricesExpiredException>(() => RemotePrices.Feed(sidecar).Prices.Current.Find(new ModelKey("openai", "model-a"), Documents.Now, Documents.Now));
    }

    [Fact]
    public async Task Start_ServerHangs_FailsAfterTheTimeout()
    {
        await using var server = await PriceServer.StartAsync();
        server.Answer(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var sidecar = _prices.Build(server);

        var start = sidecar.App.StartAsync();
        await Eventually.HoldsAsync(() => server.Requests.Count == 1);
        _prices.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Contains("within 10 seconds", (await Assert.ThrowsAsync<PricesUnavailableException>(() => start)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_VerificationOff_WarnsEveryTime()
    {
        await using var server = await PriceServer.StartAsync(Documents.Bytes(Documents.Plain()));
        for (var start = 0; start < 2; start++)
        {
            await using var sidecar = await _prices.StartAsync(server, new() { ["CAP_PRICING_VERIFY_SIGNATURE"] = "false" });

            Assert.Equal(["model-a"], RemotePrices.Models(sidecar));
            Assert.Contains("CAP_PRICING_VERIFY_SIGNATURE is off", Assert.Single(sidecar.Warnings), StringComparison.Ordinal);
        }

        // What was accepted without a signature counts for nothing once signatures are asked for.
        await using var strict = _prices.Build(server);
        await Assert.ThrowsAsync<PricesUnavailableException>(() => strict.App.StartAsync());
    }

    private static async Task AnswerAsync(HttpContext context, string answer)
    {
        var response = context.Response;
        switch (answer)
        {
            case "down":
                context.Abort();
                break;
            case "error":
                response.StatusCode = 500;
                break;
            case "not modified":
                response.StatusCode = 304;
                break;
            case "redirect" when context.Request.Path == "/prices":
                response.Redirect("/elsewhere");
                break;
            case "redirect":
                await response.Body.WriteAsync(Documents.Signed());
                break;
            case "unsigned":
                await response.Body.WriteAsync(Documents.Bytes(Documents.Plain()));
                break;
            case "tampered":
                await response.Body.WriteAsync(Documents.Tampered());
                break;
            case "expired":
                await response.Body.WriteAsync(Documents.Signed(Documents.Now.AddHours(-2)));
                break;
            case "page":
                await response.WriteAsync("<html>");
                break;
            case "huge":
                await response.Body.WriteAsync(new byte[5 * 1024 * 1024]);
                break;
            default:
                while (!context.RequestAborted.IsCancellationRequested)
                {
                    await response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted);
                }

                break;
        }
    }
}
