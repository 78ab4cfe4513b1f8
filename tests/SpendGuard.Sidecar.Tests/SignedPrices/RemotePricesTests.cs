using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Calls;
using SpendGuard.Pricing;
using SpendGuard.SignedPrices;
using SpendGuard.SignedPrices.Tests;

namespace SpendGuard.Sidecar.Tests.SignedPrices;

public sealed class RemotePricesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Documents.Now);

    private string KeptPath => _folder.File("budget.db.prices.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_GoodDocument_PutsItInForceBeforeListening()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using var sidecar = await StartAsync(server);

        Assert.Equal(["model-a"], Models(sidecar));
        Assert.Equal((200, "ready"), await ReadyAsync(sidecar));
        Assert.DoesNotContain("secret", Feed(sidecar).Prices.Current.Source, StringComparison.Ordinal);
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
        await using var sidecar = Build(server);

        var failure = await Assert.ThrowsAsync<PricesUnavailableException>(() => sidecar.App.StartAsync());

        Assert.StartsWith("The sidecar did not start: it got no prices from http://127.0.0.1:", failure.Message, StringComparison.Ordinal);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(KeptPath));
        Assert.Throws<PricesExpiredException>(() => Feed(sidecar).Prices.Current.Find(new ModelKey("openai", "model-a"), Documents.Now, Documents.Now));
    }

    [Fact]
    public async Task Start_ServerHangs_FailsAfterTheTimeout()
    {
        await using var server = await PriceServer.StartAsync();
        server.Answer(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var sidecar = Build(server);

        var start = sidecar.App.StartAsync();
        await Eventually.HoldsAsync(() => server.Requests.Count == 1);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Contains("within 10 seconds", (await Assert.ThrowsAsync<PricesUnavailableException>(() => start)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Background_NewDocument_IsTakenOverWithoutACall()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed(expiresAt: Documents.Now.AddYears(1)));
        await using var sidecar = await StartAsync(server);

        server.Publish(Documents.Signed(Documents.Now.AddSeconds(1), Documents.Now.AddYears(1), "model-b"), "\"2\"");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["model-a"], Models(sidecar));
        await Eventually.HoldsAsync(() => Models(sidecar).SequenceEqual(["model-b"]), nudge: () => _time.Advance(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Background_DocumentThatExpiresSoon_IsLookedUpBeforeTheInterval()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed(expiresAt: Documents.Now.AddSeconds(120)));
        await using var sidecar = await StartAsync(server);

        await Eventually.HoldsAsync(
            () => server.Requests.Count > 1,
            nudge: () =>
            {
                if (_time.GetUtcNow() < Documents.Now.AddSeconds(120))
                {
                    _time.Advance(TimeSpan.FromSeconds(5));
                }
            });
    }

    [Fact]
    public async Task Refresh_NotModified_KeepsThePricesAndAsksWithTheirTag()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed(), "W/\"of my own\"");
        await using var sidecar = await StartAsync(server);
        var book = Feed(sidecar).Prices.Current;

        await Feed(sidecar).RefreshAsync(CancellationToken.None);

        Assert.Equal([null, "W/\"of my own\""], server.Requests);
        Assert.Same(book, Feed(sidecar).Prices.Current);
        Assert.Null(Feed(sidecar).LastFailure);
    }

    [Fact]
    public async Task Refresh_NewDocument_IsPutInForceAndKept()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using var sidecar = await StartAsync(server);

        server.Publish(Documents.Signed(Documents.Now.AddSeconds(1), model: "model-b"), "\"2\"");
        await Feed(sidecar).RefreshAsync(CancellationToken.None);
        await Feed(sidecar).RefreshAsync(CancellationToken.None);

        Assert.Equal(["model-b"], Models(sidecar));
        Assert.Equal([null, "\"1\"", "\"2\""], server.Requests);
        Assert.Contains("model-b", await File.ReadAllTextAsync(KeptPath), StringComparison.Ordinal);
        Assert.Equal(["budget.db.prices.json"], Directory.GetFiles(_folder.Path, "*prices*").Select(Path.GetFileName));
    }

    [Fact]
    public async Task Refresh_DocumentThatIsRefused_ChangesNothing()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using var sidecar = await StartAsync(server);
        var kept = await File.ReadAllTextAsync(KeptPath);

        server.Publish(Documents.Tampered(), "\"evil\"");
        await Feed(sidecar).RefreshAsync(CancellationToken.None);
        await Feed(sidecar).RefreshAsync(CancellationToken.None);

        Assert.Equal(["model-a"], Models(sidecar));
        Assert.Equal(kept, await File.ReadAllTextAsync(KeptPath));
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
        await using var sidecar = await StartAsync(server);

        server.Publish(Documents.Signed(Documents.Now.AddSeconds(-1), model: "model-old"), "\"0\"");
        await Feed(sidecar).RefreshAsync(CancellationToken.None);

        Assert.Equal(["model-a"], Models(sidecar));
        Assert.Contains("before one that was accepted already", Assert.Single(sidecar.Log.At(LogLevel.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OlderDocumentThanBeforeTheRestart_StartsWithTheKeptOne()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await RunOnceAsync(server);

        server.Publish(Documents.Signed(Documents.Now.AddSeconds(-1), model: "model-old"), "\"0\"");
        await using var sidecar = await StartAsync(server);

        Assert.Equal(["model-a"], Models(sidecar));
        Assert.Contains("before one that was accepted already", Assert.Single(sidecar.Log.At(LogLevel.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OlderDocumentAfterTheKeptOneExpired_Fails()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await RunOnceAsync(server);
        _time.Advance(TimeSpan.FromHours(2));

        server.Publish(Documents.Signed(Documents.Now.AddSeconds(-1), Documents.Now.AddYears(1), "model-old"), "\"0\"");
        await using var sidecar = Build(server);

        var failure = await Assert.ThrowsAsync<PricesUnavailableException>(() => sidecar.App.StartAsync());
        Assert.Contains("before one that was accepted already", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be used either: The price document has expired", failure.Message, StringComparison.Ordinal);
        Assert.Equal([null, null], server.Requests);
    }

    [Fact]
    public async Task ServerDown_PricesServeUntilTheyExpire_ThenCallsAreRefused_UntilNewOnesCome()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using var sidecar = await StartAsync(server);
        var agent = await sidecar.AgentAsync();
        server.GoDown();
        await Feed(sidecar).RefreshAsync(CancellationToken.None);

        // There is no provider behind the sidecar: 502 means that the call was let through.
        Assert.Equal(502, (await sidecar.CallAsync(agent, "model-a")).Status);
        Assert.Equal((200, "ready"), await ReadyAsync(sidecar));
        Assert.Contains("stay until 2026-06-01 13:00:30Z", sidecar.Warnings.First(text => text.StartsWith("No newer", StringComparison.Ordinal)), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromMinutes(60) + TimeSpan.FromSeconds(30));
        var (status, body) = await sidecar.CallAsync(agent, "model-a");
        Assert.Equal(503, status);
        Assert.Contains("expired", body, StringComparison.Ordinal);
        var (readyStatus, ready) = await sidecar.GetAsync("/ready");
        Assert.Equal((503, "not ready"), (readyStatus, (string?)ready["status"]));
        Assert.Contains("have expired", (string)Assert.Single(ready["reasons"]!.AsArray())!, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", (string)ready["reasons"]![0]!, StringComparison.Ordinal);
        Assert.Equal(200, (await sidecar.GetAsync("/health")).Status);

        server.Publish(Documents.Signed(_time.GetUtcNow(), model: "model-a"), "\"2\"");
        await Feed(sidecar).RefreshAsync(CancellationToken.None);
        Assert.Equal((200, "ready"), await ReadyAsync(sidecar));
        Assert.Equal(502, (await sidecar.CallAsync(agent, "model-a")).Status);
    }

    [Fact]
    public async Task Start_WhileTheServerIsDown_UsesTheKeptDocumentAndSaysSo()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await RunOnceAsync(server);

        server.GoDown();
        await using var sidecar = await StartAsync(server);

        Assert.Equal(["model-a"], Models(sidecar));
        Assert.Contains("starts with those kept from before", Assert.Single(sidecar.Warnings), StringComparison.Ordinal);
        Assert.Contains("cannot be reached", (string)(await sidecar.GetAsync("/ready")).Body["prices"]!["last_failure"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NothingNewSinceTheLastRun_UsesTheKeptDocument()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await RunOnceAsync(server);
        await using var sidecar = await StartAsync(server);

        Assert.Equal([null, "\"1\""], server.Requests);
        Assert.Equal(["model-a"], Models(sidecar));
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
        await RunOnceAsync(server);
        await File.WriteAllTextAsync(KeptPath, (await File.ReadAllTextAsync(KeptPath)).Replace(what, by, StringComparison.Ordinal));

        await using (var sidecar = await StartAsync(server))
        {
            Assert.Equal(["model-a"], Models(sidecar));
            Assert.Contains("are ignored", Assert.Single(sidecar.Warnings), StringComparison.Ordinal);
            Assert.Null(server.Requests[^1]);
        }

        await File.WriteAllTextAsync(KeptPath, (await File.ReadAllTextAsync(KeptPath)).Replace(what, by, StringComparison.Ordinal));
        server.GoDown();
        await using var again = Build(server);
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
        await File.WriteAllTextAsync(KeptPath, content);
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using var sidecar = await StartAsync(server);

        Assert.Equal(["model-a"], Models(sidecar));
    }

    [Fact]
    public async Task Start_AnotherSourceThanBefore_DoesNotUseTheKeptDocumentButItsDate()
    {
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await RunOnceAsync(server);

        await using var other = await PriceServer.StartAsync(Documents.Signed(Documents.Now.AddSeconds(-1)), "\"1\"");
        await using var sidecar = Build(other);
        var failure = await Assert.ThrowsAsync<PricesUnavailableException>(() => sidecar.App.StartAsync());

        Assert.Contains("before one that was accepted already", failure.Message, StringComparison.Ordinal);
        Assert.Contains("are from http", failure.Message, StringComparison.Ordinal);
        Assert.Equal([null], other.Requests);
    }

    [Fact]
    public async Task Start_KeptFileCannotBeWritten_GoesOnWithAWarning()
    {
        Directory.CreateDirectory(Path.Combine(KeptPath, "in the way"));
        await using var server = await PriceServer.StartAsync(Documents.Signed());
        await using var sidecar = await StartAsync(server);

        Assert.Equal(["model-a"], Models(sidecar));
        Assert.Contains(sidecar.Warnings, text => text.Contains("could not be kept", StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp"));
    }

    [Fact]
    public async Task Start_VerificationOff_WarnsEveryTime()
    {
        await using var server = await PriceServer.StartAsync(Documents.Bytes(Documents.Plain()));
        for (var start = 0; start < 2; start++)
        {
            await using var sidecar = await StartAsync(server, new() { ["CAP_PRICING_VERIFY_SIGNATURE"] = "false" });

            Assert.Equal(["model-a"], Models(sidecar));
            Assert.Contains("CAP_PRICING_VERIFY_SIGNATURE is off", Assert.Single(sidecar.Warnings), StringComparison.Ordinal);
        }

        // What was accepted without a signature counts for nothing once signatures are asked for.
        await using var strict = Build(server);
        await Assert.ThrowsAsync<PricesUnavailableException>(() => strict.App.StartAsync());
    }

    private static SignedPriceFeed Feed(SidecarUnderTest sidecar) =>
        sidecar.App.Services.GetRequiredService<SignedPriceFeed>();

    private static IEnumerable<string> Models(SidecarUnderTest sidecar) =>
        sidecar.App.Services.GetRequiredService<SpendGuardEngine>().Prices.Current.Models.Select(model => model.Model);

    private static async Task<(int Status, string? Word)> ReadyAsync(SidecarUnderTest sidecar)
    {
        var (status, body) = await sidecar.GetAsync("/ready");
        return (status, (string?)body["status"]);
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

    private SidecarUnderTest Build(PriceServer server, Dictionary<string, string?>? settings = null) => new(
        _folder,
        _time,
        new Dictionary<string, string?>(settings ?? [])
        {
            ["CAP_PRICING_URL"] = server.Url,
            ["CAP_PRICING_SIGNING_PUBLIC_KEY"] = Documents.Keys.PublicKey,
        });

    private async Task<SidecarUnderTest> StartAsync(PriceServer server, Dictionary<string, string?>? settings = null)
    {
        var sidecar = Build(server, settings);
        await sidecar.App.StartAsync();
        return sidecar;
    }

    private async Task RunOnceAsync(PriceServer server)
    {
        await using var sidecar = await StartAsync(server);
    }
}
