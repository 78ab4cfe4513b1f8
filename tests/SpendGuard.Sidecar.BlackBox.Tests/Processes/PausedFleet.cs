using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;
using Xunit.Abstractions;

namespace SpendGuard.Sidecar.BlackBox.Tests;

/// <summary>
/// Several sidecars on one store, with streams in flight that end by nothing but a cut, and callers that go on trying: somebody pauses the root, by
/// the first of the sidecars.
/// </summary>
internal sealed class PausedFleet
{
    private const string Root = "root";
    private const int Agents = 8;
    private const int LoopsOfEach = 2;
    private const int Streams = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    private readonly SimulatedProvider _provider;
    private readonly List<HttpClient> _clients;

    private PausedFleet(SimulatedProvider provider, IEnumerable<SidecarProcess> sidecars)
    {
        _provider = provider;
        _clients = [.. sidecars.Select(sidecar => new HttpClient { BaseAddress = sidecar.Address, Timeout = Patience })];
    }

    /// <summary>Asserts what a pause promises; in how much time only in a soak, on a machine that is quiet.</summary>
    public static async Task AssertPauseAsync(SimulatedProvider provider, IReadOnlyList<SidecarProcess> sidecars, ITestOutputHelper output)
    {
        var fleet = new PausedFleet(provider, sidecars);
        var (closed, arrived) = await fleet.PauseAsync();
        fleet._clients.ForEach(client => client.Dispose());
        output.WriteLine($"{Streams} streams in {sidecars.Count} processes: the last was closed {closed.TotalMilliseconds:0} ms after the pause was answered, the last call came {arrived.TotalMilliseconds:0} ms after.");
        if (Soak.IsOn)
        {
            Assert.InRange(closed, -Promised, Promised);
            Assert.InRange(arrived, -Promised, Promised);
        }
    }

    /// <summary>Streams and loops run, the root is paused, and everything ends.</summary>
    /// <returns>How long after the answer to the pause the provider saw the last stream closed, and the last call arrive.</returns>
    private async Task<(TimeSpan Closed, TimeSpan Arrived)> PauseAsync()
    {
        _provider.ForRequest = request => request.Stream
            ? new Behaviour { DelayBetweenEvents = TimeSpan.FromDays(1), GenerateToTheCap = true }
            : Behaviour.Honest;
        await GrowAsync();
        var open = await Task.WhenAll(Enumerable.Range(0, Streams).Select(BeginStreamAsync));

        // Not in all: a refusal tells a process at once, and the others have to find out by themselves.
        var loops = _clients.Take(_clients.Count / 2).SelectMany((client, at) => Enumerable.Range(0, LoopsOfEach).Select(loop => CallUntilPausedAsync(client, (at * LoopsOfEach) + loop))).ToList();
        await Poll.UntilAsync(() => _provider.Calls.Count(call => !call.Stream && call.Billed) >= 4 * loops.Count, "the loops' calls");

        await PutAsync(HttpMethod.Post, $"/v1/groups/{Root}/pause", """{"reason":"enough"}""");
        var paused = DateTimeOffset.UtcNow;

        foreach (var stream in open)
        {
            using (stream)
            {
                Assert.StartsWith("data: {\"error\":{", await stream.ReadToEndAsync().WaitAsync(Patience), StringComparison.Ordinal);
            }
        }

        await Task.WhenAll(loops);
        var calls = _provider.Calls;
        Assert.Equal(Streams, calls.Count(call => call is { Stream: true, LeftAt: not null, Finished: false }));
        await AssertNothingHeldAfterAsync();
        return (calls.Max(call => call.LeftAt)!.Value - paused, calls.Max(call => call.ArrivedAt) - paused);
    }

    private async Task GrowAsync()
    {
        await PutAsync(HttpMethod.Put, $"/v1/groups/{Root}/limits/month", """{"amount_cents":1000000}""");
        await PutAsync(HttpMethod.Put, "/v1/groups/team", $$"""{"under":"{{Root}}"}""");
        for (var agent = 0; agent < Agents; agent++)
        {
            await PutAsync(HttpMethod.Post, "/v1/agents", $$"""{"agent_id":"agent-{{agent}}","under":"{{(agent % 2 == 0 ? Root : "team")}}"}""");
        }
    }

    private async Task<StreamReader> BeginStreamAsync(int number)
    {
        var response = await _clients[number % _clients.Count].SendAsync(Chat(number, stream: true), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync().WaitAsync(Patience) is { Length: > 0 })
        {
        }

        return reader;
    }

    private static async Task CallUntilPausedAsync(HttpClient client, int number)
    {
        HttpStatusCode status;
        do
        {
            using var response = await client.SendAsync(Chat(number, stream: false));
            status = response.StatusCode;
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Forbidden, $"{status}: {await response.Content.ReadAsStringAsync()}");
        }
        while (status == HttpStatusCode.OK);
    }

    private static HttpRequestMessage Chat(int number, bool stream)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Headers.Add("x-cynsta-agent-id", $"agent-{number % Agents}");
        request.Content = new StringContent(
            $$"""{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":100{{(stream ? ",\"stream\":true" : "")}}}""", Encoding.UTF8, "application/json");
        return request;
    }

    /// <summary>In the order of commit, nothing is held after the pause; each call that arrived was held; and all that was held has ended.</summary>
    private async Task AssertNothingHeldAfterAsync()
    {
        var entries = await LedgerAsync();
        var pause = entries.FindIndex(entry => (string?)entry["kind"] == "paused");
        Assert.DoesNotContain(entries.Skip(pause), entry => (string?)entry["kind"] == "reserved");
        var held = entries.Count(entry => (string?)entry["kind"] == "reserved");
        var released = entries.Count(entry => (string?)entry["kind"] == "released");
        Assert.Equal(held - released, _provider.Calls.Count);
        await Poll.UntilAsync(
            async () => (await LedgerAsync()).Count(entry => (string?)entry["kind"] is "settled" or "forfeited" or "released"), ended => ended == held, "the ends of the holds");
    }

    private async Task<List<JsonNode>> LedgerAsync()
    {
        var entries = new List<JsonNode>();
        while (true)
        {
            var after = entries.Count == 0 ? 0 : (long)entries[^1]["sequence"]!;
            var page = JsonNode.Parse(await _clients[0].GetStringAsync($"/v1/ledger?after={after}&limit=1000"))!["entries"]!.AsArray();
            if (page.Count == 0)
            {
                return entries;
            }

            entries.AddRange(page.Select(entry => entry!.DeepClone()));
        }
    }

    private async Task PutAsync(HttpMethod method, string path, string json)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        using var response = await _clients[0].SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {await response.Content.ReadAsStringAsync()}");
    }
}
