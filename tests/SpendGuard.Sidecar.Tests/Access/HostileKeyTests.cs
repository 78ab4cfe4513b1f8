using System.Text;
using Xunit.Abstractions;

namespace SpendGuard.Sidecar.Tests.Access;

/// <summary>What strangers may send as a key or as an id.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
[Trait(Traits.Category, Traits.Slow)]
public sealed class HostileKeyTests(HostedSidecar hosted, ITestOutputHelper output) : IClassFixture<HostedSidecar>, IDisposable
{
    private static readonly int Values = Soak.Rounds(1_500, 10_000);

    // A client that sends what others would not.
    private readonly HttpClient _client = new(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 })
    {
        BaseAddress = hosted.Sidecar.Client.BaseAddress,
    };

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task HostileValues_AreRefusedAndTellNothing()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var agent = await hosted.AgentAsync();
        var random = new Random(seed);
        var values = Enumerable.Range(0, Values).Select(place => (Place: place, Text: HostileText.Next(random))).ToList();

        await Parallel.ForEachAsync(values, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (value, _) =>
        {
            var (status, body) = await ((value.Place % 3) switch
            {
                0 => SendAsync(HttpMethod.Get, $"/v1/agents/{agent}", ("x-api-key", value.Text)),
                1 => SendAsync(
                    HttpMethod.Post, "/v1/chat/completions",
                    ("x-api-key", hosted.Rival), ("x-cynsta-agent-id", value.Text), ("x-cynsta-run-id", value.Text)),
                _ => SendAsync(HttpMethod.Get, $"/v1/agents/{Uri.EscapeDataString(value.Text)}/budget", ("x-api-key", hosted.Rival)),
            });
            Assert.True(status is 400 or 401 or 404 or 405, $"'{value.Text}' in place {value.Place % 3} answered {status}: {body}");
        });

        Assert.Equal(200, (await hosted.SendAsync(HttpMethod.Get, $"/v1/agents/{agent}", hosted.Owner)).Status);
    }

    private async Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (method == HttpMethod.Post)
        {
            request.Content = SidecarFixture.Body("""{"model":"gpt-4o-mini","max_tokens":5,"messages":[{"role":"user","content":"hello"}]}""");
        }

        using var response = await _client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
