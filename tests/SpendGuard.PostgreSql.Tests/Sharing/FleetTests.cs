using System.Net;
using Npgsql;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Sidecar.BlackBox.Tests;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;
using Xunit.Abstractions;

namespace SpendGuard.PostgreSql.Tests.Sharing;

/// <summary>Four sidecars and an engine in another process share one database, which does not treat them well.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
[Trait(Traits.Category, Traits.Slow)]
public sealed class FleetTests(ITestOutputHelper output)
{
    private const int Sidecars = 4;
    private const int CallersOfEach = 6;
    private const int CallsBetweenTerminations = 25;

    private static readonly int CallsOfEach = Soak.Rounds(250, 20_000);
    private static readonly Money Budget = Money.FromCents(Soak.IsOn ? 60 : 15);
    private static readonly string[] Agents = [.. Enumerable.Range(0, 8).Select(number => $"agent-{number}")];

    private int _done;
    private int _terminated;
    private Task _restart = Task.CompletedTask;

    [Fact]
    public async Task Fleet_BackendsTerminatedAndServerKilled_PaysForEachCallOnceAndExceedsNoBudget()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"Seed {seed}");
        await using var server = await PrivateServer.StartAsync();
        await using var site = await FleetSite.PrepareAsync(server.ConnectionString, seed);
        await site.FillAsync(Budget, Agents);
        var folder = Directory.CreateTempSubdirectory("spendguard-");
        var sidecars = await Task.WhenAll(Enumerable.Range(0, Sidecars).Select(
            number => SidecarProcess.StartAsync(folder.CreateSubdirectory($"{number}").FullName, Settings(site.Provider, server))));

        using var library = LibraryProcess.Start(
            () => Done(server), ["call", server.ConnectionString, $"{site.Provider.OpenAIEndpoint}", "0", $"{CallsOfEach}", .. Agents]);
        var answers = (await Task.WhenAll(sidecars.Select((sidecar, number) => CallAsync(sidecar, number, seed, server)))).SelectMany(all => all).ToList();
        answers.AddRange((await library.Lines).Select(line => new FleetSite.Answer(
            line[0], line[2], line.Length > 3 && line[3].Length > 0 ? long.Parse(line[3]) : null)));
        await _restart;
        foreach (var sidecar in sidecars)
        {
            sidecar.RequestStop();
            await sidecar.ExitAsync();
            await sidecar.DisposeAsync();
        }

        folder.Delete(recursive: true);
        var forfeited = await site.SettleUpAsync(answers, Agents);
        output.WriteLine($"{_terminated} backends terminated; {forfeited} holds were left; "
            + string.Join(", ", answers.CountBy(answer => answer.Outcome).OrderBy(count => count.Key, StringComparer.Ordinal)));

        // Else nothing was tried.
        Assert.True(_terminated > 20 && _restart != Task.CompletedTask);
        Assert.True(answers.Count(answer => answer.Charged is not null) > CallsOfEach / 2);
        Assert.Contains(answers, answer => answer.Outcome is "402" or "refused");
    }

    private static Dictionary<string, string> Settings(SimulatedProvider provider, PrivateServer server) => new(StringComparer.Ordinal)
    {
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        ["CAP_STORE"] = "postgres",
        ["CAP_POSTGRES"] = server.ConnectionString,
        ["CAP_PRICING_SOURCE"] = "bundled",
        ["OPENAI_BASE_URL"] = provider.BaseAddress.ToString().TrimEnd('/') + "/v1",
        ["OPENAI_API_KEY"] = "key-of-openai",
        ["Logging__LogLevel__Default"] = "Error",
        ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
    };

    private async Task<IReadOnlyList<FleetSite.Answer>> CallAsync(SidecarProcess sidecar, int number, int seed, PrivateServer server)
    {
        using var http = new HttpClient { BaseAddress = sidecar.Address, Timeout = TimeSpan.FromMinutes(3) };
        var next = 0;
        var answers = await Task.WhenAll(Enumerable.Range(0, CallersOfEach).Select(_ => Task.Run(async () =>
        {
            var own = new List<FleetSite.Answer>();
            for (var call = Interlocked.Increment(ref next); call <= CallsOfEach; call = Interlocked.Increment(ref next))
            {
                var run = $"sidecar-{number}.{call}";
                own.Add(await CallAsync(http, run, new Random(HashCode.Combine(seed, number, call))));
                Done(server);
            }

            return own;
        })));
        return [.. answers.SelectMany(own => own)];
    }

    private static async Task<FleetSite.Answer> CallAsync(HttpClient http, string run, Random random)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        var agent = Agents[random.Next(Agents.Length)];
        request.Headers.Add("x-cynsta-agent-id", agent);
        request.Headers.Add("x-cynsta-run-id", run);
        request.Headers.TryAddWithoutValidation("User-Agent", "caller/" + agent);
        request.Headers.Add("x-client-request-id", run);
        request.Content = new StringContent(
            $$"""{"model":"gpt-4o","messages":[{"role":"user","content":"{{new string('x', random.Next(1, 400))}}"}],"max_completion_tokens":{{random.Next(20, 600)}}}""",
            System.Text.Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(
            response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PaymentRequired or HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests
                or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable,
            $"{response.StatusCode}: {text}");
        return new FleetSite.Answer(
            $"{(int)response.StatusCode}", run,
            response.Headers.TryGetValues("x-spendguard-charged-microcents", out var charged) ? long.Parse(charged.Single()) : null);
    }

    /// <summary>A call has ended. Now and then that costs a random backend its life, and once, in the middle of it all, the whole server.</summary>
    private void Done(PrivateServer server)
    {
        var done = Interlocked.Increment(ref _done);
        if (done == (Sidecars + 1) * CallsOfEach / 2)
        {
            _restart = Task.Run(async () =>
            {
                await server.KillAsync();
                await server.StartAgainAsync();
            });
        }
        else if (done % CallsBetweenTerminations == 0)
        {
            _ = Task.Run(() => TerminateOneAsync(server));
        }
    }

    private async Task TerminateOneAsync(PrivateServer server)
    {
        try
        {
            await TestDatabase.ExecuteAsync(
                server.ConnectionString,
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE backend_type = 'client backend' AND application_name <> 'test' ORDER BY random() LIMIT 1
                """);
            Interlocked.Increment(ref _terminated);
        }
        catch (NpgsqlException)
        {
            // There is no server just now.
        }
    }
}
