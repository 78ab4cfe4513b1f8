using System.Diagnostics;
using SpendGuard.Keys;
using SpendGuard.PostgreSql.Keys;
using Xunit.Abstractions;

namespace SpendGuard.Sidecar.Tests.Access;

/// <summary>A stranger cannot tell by the time that a refusal takes whether there is what was named.</summary>
/// <remarks>
/// Always compared is what takes the time: the statements, what they find, and what is hashed and compared. The time itself is measured
/// in the soak only, on a machine that does nothing else: on a busy one it says nothing.
/// </remarks>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed class SameTimeTests(HostedSidecar hosted, ITestOutputHelper output) : IClassFixture<HostedSidecar>
{
    private static readonly bool Soak = Environment.GetEnvironmentVariable("SPENDGUARD_SOAK") is "1";

    [Fact]
    public async Task AgentOfAnotherOrganization_OrOfNone_TakesTheSameTime()
    {
        var (theirs, none) = (await hosted.AgentAsync(), Guid.NewGuid().ToString());

        await AssertSameAsync(agent => Get($"/v1/agents/{agent}", hosted.Rival), theirs, none);
        Assert.Equal(await RivalAgentsAsync(none), await RivalAgentsAsync(theirs));
    }

    [Fact]
    public async Task KeyThatWasRevoked_OrNeverMade_TakesTheSameTime()
    {
        var (revoked, none) = (await hosted.RevokedKeyAsync(), ApiKeySecret.Create().Reveal());

        await AssertSameAsync(key => Get("/v1/agents", key), revoked, none);
        Assert.Equal(await KeptHashesAsync(none), await KeptHashesAsync(revoked));
        Assert.Equal(HashOf(none).Length, HashOf(revoked).Length);
        Assert.Equal(HashOf(none).Length, ApiKeyStore.NoHash.Length);
    }

    /// <summary>Asserts that the sidecar does and answers the same for both.</summary>
    private async Task AssertSameAsync(Func<string, HttpRequestMessage> request, string there, string notThere)
    {
        // The first request for an organisation opens its store.
        await SendAsync(request(notThere));
        using var trail = new StatementTrail();
        var (one, other) = (await StepsAsync(trail, request, there), await StepsAsync(trail, request, notThere));
        Assert.NotEqual("", one.Statements);
        Assert.Equal(other, one);
        Assert.Equal(notThere.Length, there.Length);
        if (Soak)
        {
            var share = await SlowerShareAsync(() => SendAsync(request(there)), () => SendAsync(request(notThere)));
            output.WriteLine($"The request for what there is was the slower one of {share:P1} of the pairs.");
            Assert.InRange(share, 0.4, 0.6);
        }
    }

    /// <summary>What is done for a request, and its answer with the name taken out.</summary>
    private async Task<(string Statements, int Status, string Body)> StepsAsync(
        StatementTrail trail, Func<string, HttpRequestMessage> request, string name)
    {
        var message = request(name);
        var mark = StatementTrail.Mark(message);
        var (status, body) = await SendAsync(message);
        return (string.Join('\n', trail.Of(mark)), status, body.Replace(name, "…", StringComparison.Ordinal));
    }

    /// <summary>How many rows the look-up of an agent finds among the rival's.</summary>
    private async Task<object?> RivalAgentsAsync(string agent) =>
        await hosted.QueryAsync($"SELECT count(*) FROM spendguard.nodes WHERE tenant = 'rival' AND id = '{agent}'");

    /// <summary>How many rows the look-up of a key finds.</summary>
    private async Task<object?> KeptHashesAsync(string key) =>
        await hosted.QueryAsync($"SELECT count(*) FROM spendguard.keys WHERE hash = '\\x{Convert.ToHexString(HashOf(key))}'::bytea");

    private static byte[] HashOf(string key)
    {
        Assert.True(ApiKeySecret.TryParse(key, out var secret));
        return secret.Hash.ToArray();
    }

    private static HttpRequestMessage Get(string path, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Add("x-api-key", key);
        return request;
    }

    private async Task<(int Status, string Body)> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            return await hosted.SendAsync(request, key: null);
        }
    }

    /// <summary>Of pairs of requests side by side, one of each kind, how often the first kind was the slower one.</summary>
    private static async Task<double> SlowerShareAsync(Func<Task> there, Func<Task> notThere)
    {
        const int Pairs = 1_000;
        var slower = 0;
        for (var pair = -50; pair < Pairs; pair++)
        {
            // The first of a pair may be at a disadvantage: they take turns.
            var (first, second) = pair % 2 == 0 ? (there, notThere) : (notThere, there);
            var firstTime = await TimeAsync(first);
            var secondTime = await TimeAsync(second);
            slower += pair >= 0 && (firstTime > secondTime) == (pair % 2 == 0) ? 1 : 0;
        }

        return (double)slower / Pairs;
    }

    private static async Task<long> TimeAsync(Func<Task> run)
    {
        var start = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetTimestamp() - start;
    }
}
