using Microsoft.Extensions.Time.Testing;
using SpendGuard.Keys;
using SpendGuard.PostgreSql.Keys;
using SpendGuard.Sidecar.Testing;
using SpendGuard.Testing;

namespace SpendGuard.Sidecar.Tests.Access;

/// <summary>What a sidecar in hosted mode tells callers without a key when its database cannot be reached.</summary>
public sealed class StrangerTests : IAsyncLifetime
{
    private static readonly string[] Secrets = ["127.0.0.1", "4711", "spender", "hidden", "Npgsql"];

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private SidecarUnderTest _sidecar = null!;

    public async Task InitializeAsync()
    {
        _sidecar = new SidecarUnderTest(_folder, _time, new Dictionary<string, string?>
        {
            ["CAP_MODE"] = "hosted",
            ["CAP_STORE"] = "postgres",
            ["CAP_POSTGRES"] = "Host=127.0.0.1;Port=4711;Username=spender;Password=hidden;Database=hidden",
            ["CAP_PRICING_SOURCE"] = "bundled",
        });
        await _sidecar.App.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _sidecar.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("POST", "/v1/chat/completions")]
    [InlineData("GET", "/v1/agents")]
    [InlineData("GET", "/ready")]
    public async Task DatabaseCannotBeReached_IsToldWithoutAnythingOfIt(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Headers.Add("x-api-key", ApiKeySecret.Create(live: true).Reveal());
        request.Content = method == "POST" ? SidecarUnderTest.Body("{}") : null;
        var asking = _sidecar.Client.SendAsync(request);
        await Eventually.HoldsAsync(() => asking.IsCompleted, () => _time.Advance(TimeSpan.FromMilliseconds(100)));
        using var response = await asking;
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(503, (int)response.StatusCode);
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.Contains(_sidecar.Log.Everything, entry => entry.Contains("127.0.0.1:4711", StringComparison.Ordinal));
    }
}
