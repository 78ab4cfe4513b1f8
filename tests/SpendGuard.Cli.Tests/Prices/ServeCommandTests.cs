using System.Net;
using System.Text.Json;

namespace SpendGuard.Cli.Tests.Prices;

public sealed class ServeCommandTests : IAsyncLifetime
{
    private readonly PriceFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly WatchedWriter _output = new();
    private readonly HttpClient _http = new();
    private Task<Ran> _running = null!;
    private string _publicKey = "";

    private string Url => Value("CAP_PRICING_URL");

    public async Task InitializeAsync()
    {
        _publicKey = await _folder.KeygenAsync();
        _running = _folder.Cli.RunAsync(
            ["prices", "serve", "--in", "prices.json", "--key", "prices.key", "--urls", "http://127.0.0.1:0", "--expires-in", "1h"], _output, _stop.Token);
        await Task.WhenAny(_running, _output.UntilAsync("CAP_PRICING_SIGNING_PUBLIC_KEY=", 1));
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Serve_SaysWhatSidecarsNeedToKnowAndEndsWithZero()
    {
        Assert.EndsWith("/v1/public/pricing", Url, StringComparison.Ordinal);
        Assert.Equal(_publicKey, Value("CAP_PRICING_SIGNING_PUBLIC_KEY"));

        Assert.Equal((0, ""), ((await StopAsync()).ExitCode, (await _running).Error));
    }

    [Fact]
    public async Task Get_WithTheTagOfTheLastAnswer_IsNotModified()
    {
        using var first = await GetAsync();
        using var again = await GetAsync(first.Headers.ETag!.Tag);
        using var other = await GetAsync("\"other\"");

        Assert.Equal((HttpStatusCode.OK, "application/json"), (first.StatusCode, first.Content.Headers.ContentType!.MediaType));
        Assert.Equal((HttpStatusCode.NotModified, 0), (again.StatusCode, (await again.Content.ReadAsByteArrayAsync()).Length));
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Document_IsSignedAnewHalfWayToItsExpiry()
    {
        var first = await DocumentAsync();
        _folder.Time.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(first, await DocumentAsync());

        _folder.Time.Advance(TimeSpan.FromMinutes(1));
        var second = await DocumentAsync();

        Assert.NotEqual(first, second);
        using var json = JsonDocument.Parse(second);
        Assert.Equal(PriceFolder.Start.AddMinutes(90), json.RootElement.GetProperty("expires_at").GetDateTimeOffset());
        (await _folder.Cli.RunAsync($"prices verify --in {Url} --public-key {_publicKey}")).Succeeded();
    }

    [Fact]
    public async Task Document_WhoseFileChanges_IsThatOfTheFile()
    {
        await DocumentAsync();
        _folder.Write("prices.json", PriceFolder.Document.Replace("6e1", "70", StringComparison.Ordinal));

        Assert.Contains("\"output_cents_per_1m\": 70", await DocumentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_WhoseClockGoesBack_KeepsItsDate()
    {
        using var first = JsonDocument.Parse(await DocumentAsync());
        _folder.Time.AdjustTime(PriceFolder.Start.AddMinutes(-5));
        _folder.Write("prices.json", PriceFolder.Document.Replace("6e1", "70", StringComparison.Ordinal));
        using var second = JsonDocument.Parse(await DocumentAsync());

        Assert.Equal(first.RootElement.GetProperty("generated_at").GetDateTimeOffset(), second.RootElement.GetProperty("generated_at").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("{", "is not a JSON object")]
    [InlineData("""{"rates":{}}""", "rates has no model")]
    public async Task File_ThatIsBroken_IsToldOfOnceAndTheLastGoodServesUntilItExpires(string broken, string why)
    {
        var good = await DocumentAsync();
        _folder.Write("prices.json", broken);

        Assert.Equal(good, await DocumentAsync());
        _folder.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(good, await DocumentAsync());
        _folder.Time.Advance(TimeSpan.FromMinutes(1));
        using var expired = await GetAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, expired.StatusCode);

        _folder.Write("prices.json", PriceFolder.Document);
        Assert.NotEqual(good, await DocumentAsync());
        var told = (await StopAsync()).Error;
        Assert.StartsWith("prices.json is not served: ", told, StringComparison.Ordinal);
        Assert.Contains(why, told, StringComparison.Ordinal);
        Assert.Single(told.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("POST", "", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/other", HttpStatusCode.NotFound)]
    [InlineData("HEAD", "", HttpStatusCode.OK)]
    public async Task Requests_ForAnythingElse_AreRefused(string method, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Url + path);
        using var response = await _http.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("prices serve --in none.json --key prices.key", "none.json cannot be served. ")]
    [InlineData("prices serve --in prices.key --key prices.key", "prices.key cannot be served. ")]
    [InlineData("prices serve --in prices.json --key none.key", "none.key cannot be read (")]
    [InlineData("prices serve --in prices.json --key prices.key --urls nowhere", "Cannot listen on nowhere (")]
    public async Task Serve_ThatCannotStart_IsOne(string line, string sentence)
    {
        var ran = await _folder.Cli.RunAsync(line);

        Assert.Equal((1, ""), (ran.ExitCode, ran.Output));
        Assert.StartsWith(sentence, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_OnAnAddressInUse_IsOne()
    {
        var ran = await _folder.Cli.RunAsync($"prices serve --in prices.json --key prices.key --urls {new Uri(Url).GetLeftPart(UriPartial.Authority)}");

        Assert.Equal((1, ""), (ran.ExitCode, ran.Output));
        Assert.StartsWith("Cannot listen on http://127.0.0.1:", ran.Error, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> GetAsync(string? tag = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Url);
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        }

        return _http.SendAsync(request);
    }

    private Task<string> DocumentAsync() => _http.GetStringAsync(new Uri(Url));

    private async Task<Ran> StopAsync()
    {
        await _stop.CancelAsync();
        return await _running;
    }

    private string Value(string key) => new Ran(0, _output.ToString(), "").Value(key);
}
