using System.Text;
using Xunit.Abstractions;

namespace SpendGuard.Sidecar.Tests.Access;

/// <summary>What strangers may send as a key or as an id to a sidecar on their machine that requires keys.</summary>
public sealed class LocalHostileKeyTests(ITestOutputHelper output)
{
    private static readonly int Values = Soak.Rounds(1_000, 10_000);

    [Fact]
    public async Task HostileValues_AreRefusedAndTellNothing()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        await using var sidecar = await LocalKeys.StartAsync(("CAP_ADMIN_KEY", LocalKeys.AdminKey), ("SPENDGUARD_REQUIRE_KEYS", "true"));
        var agent = await sidecar.CreateAgentAsync();
        var key = await sidecar.CreateKeyAsync(agent);
        using var client = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 })
        {
            BaseAddress = sidecar.Client.BaseAddress,
        };
        var random = new Random(seed);
        var values = Enumerable.Range(0, Values).Select(place => (Place: place % 4, Text: HostileText.Next(random))).ToList();

        await Parallel.ForEachAsync(values, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (value, stop) =>
        {
            using var request = value.Place switch
            {
                0 => Get($"/v1/agents/{agent}", ("x-api-key", value.Text)),
                1 => Get($"/v1/agents/{agent}?key={Uri.EscapeDataString(value.Text)}"),
                2 => Get($"/v1/agents/{agent}", ("x-api-key", key), ("x-cynsta-agent-id", value.Text)),
                _ => Get($"/v1/agents/{Uri.EscapeDataString(value.Text)}/budget", ("x-api-key", key)),
            };
            using var response = await client.SendAsync(request, stop);

            // A header of nothing but white space names nobody.
            var opens = value.Place == 2 && value.Text.Trim().Length == 0;
            var status = (int)response.StatusCode;
            Assert.True(
                opens ? status == 200 : status is 400 or 401 or 403 or 404 or 405,
                $"'{value.Text}' in place {value.Place} answered {status}: {await response.Content.ReadAsStringAsync(stop)}");
        });

        Assert.Equal(200, (await sidecar.SendAsync(Get($"/v1/agents/{agent}"), key)).Status);
        Assert.DoesNotContain(sidecar.Log.Everything, entry => entry.Contains(key, StringComparison.Ordinal));
    }

    private static HttpRequestMessage Get(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
