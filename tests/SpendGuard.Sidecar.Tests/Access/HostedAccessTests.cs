using System.Net;
using System.Text.Json.Nodes;
using SpendGuard.Keys;
using SpendGuard.PostgreSql.Keys;
using SpendGuard.Sidecar.Access;

namespace SpendGuard.Sidecar.Tests.Access;

/// <summary>Who gets through which door in hosted mode.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed class HostedAccessTests(HostedSidecar hosted) : IClassFixture<HostedSidecar>
{
    private const string Nobody = "6a9a7d5e-0000-4000-8000-000000000000";

    /// <summary>Kinds of callers; the table of the issue.</summary>
    public enum CallerKind
    {
        NoKey,
        BadKey,
        OtherText,
        RevokedKey,
        OtherOrganisation,
        Use,
        Admin,
        BoundToThisAgent,
        BoundToAnotherAgent,
    }

    public static TheoryData<CallerKind> Kinds => [.. Enum.GetValues<CallerKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task EveryRoute_OpensAsItsRuleSays(CallerKind caller)
    {
        string? agent = null;
        string? key = null;
        foreach (var route in Route.All(hosted.Sidecar.App))
        {
            if (agent is null)
            {
                agent = await hosted.AgentAsync();
                key = await KeyOfAsync(caller, agent);
            }

            var before = hosted.Sidecar.Provider.Bill.TotalMicrocents;

            using var request = route.Request(agent);
            var (status, body) = await hosted.SendAsync(request, key);

            var expected = Expected(caller, route);
            var right = expected is { } exactly ? status == (int)exactly : status is not (401 or 403) and < 500;
            Assert.True(right, $"{route} for {caller} answered {status}, not {expected?.ToString() ?? "what it does"}: {body}");
            if (expected is not null)
            {
                Assert.Equal(before, hosted.Sidecar.Provider.Bill.TotalMicrocents);
            }
            else if (route.Changes)
            {
                // What it has changed would be in the way of the next.
                agent = null;
            }
        }
    }

    [Fact]
    public async Task OtherOrganisationsAgent_LooksLikeNone()
    {
        var agent = await hosted.AgentAsync();
        foreach (var route in Route.All(hosted.Sidecar.App).Where(route => route.NamesAgent || route.Rule == AccessRule.Use))
        {
            using var theirs = route.Request(agent);
            using var none = route.Request(Nobody);

            var answer = await hosted.SendAsync(theirs, hosted.Rival);
            var same = await hosted.SendAsync(none, hosted.Rival);

            Assert.Equal(same.Status, answer.Status);
            Assert.Equal(Plain(same.Body, Nobody), Plain(answer.Body, agent));
        }

        Assert.Equal(200, (await hosted.SendAsync(HttpMethod.Get, $"/v1/agents/{agent}", hosted.Owner)).Status);
        Assert.DoesNotContain(agent, (await hosted.SendAsync(HttpMethod.Get, "/v1/agents", hosted.Rival)).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-api-key", "{0}")]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("authorization", "bearer {0}")]
    [InlineData("x-goog-api-key", "{0}")]
    public async Task Key_IsTakenWhereTheSdksPutIt(string header, string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/agents", UriKind.Relative));
        request.Headers.TryAddWithoutValidation(header, string.Format(form, hosted.Owner));

        Assert.Equal(200, (await hosted.SendAsync(request, key: null)).Status);
    }

    [Fact]
    public async Task BoundKey_SpendsItsOwnAgentsBudgetAndNothingElse()
    {
        var agent = await hosted.AgentAsync();
        var other = await hosted.AgentAsync();
        var key = await hosted.KeyAsync(ApiKeyScopes.Use, agent);

        Assert.Equal(200, (await CallAsync(agent, key)).Status);
        Assert.Equal(403, (await CallAsync(other, key)).Status);
        Assert.Equal(403, (await CallAsync(Nobody, key)).Status);
        Assert.Equal(403, (await hosted.SendAsync(HttpMethod.Post, $"/v1/agents/{agent}/budget", key, """{"hard_limit_cents":9999}""")).Status);
        Assert.Equal(200, (await hosted.SendAsync(HttpMethod.Get, $"/v1/agents/{agent}/budget", key)).Status);
    }

    [Fact]
    public async Task RevokedKey_IsShutOutAtOnce()
    {
        var agent = await hosted.AgentAsync();

        var (status, body) = await CallAsync(agent, await hosted.RevokedKeyAsync());

        Assert.Equal(401, status);
        Assert.Equal(body, (await CallAsync(agent, ApiKeySecret.Create().Reveal())).Body);
    }

    /// <summary>As on one machine: base URL and key, and nothing else.</summary>
    [Fact]
    public async Task KeyMadeForAnAgent_IsTheAgent_UntilItIsRevoked()
    {
        var agent = await hosted.AgentAsync();
        var (created, body) = await hosted.SendAsync(HttpMethod.Post, $"/v1/agents/{agent}/keys", hosted.Owner, """{"name":"laptop"}""");
        Assert.True(created == 200, body);
        var made = JsonNode.Parse(body)!;
        var key = (string)made["api_key"]!;

        Assert.Equal(200, (await CallAsync(agent: null, key)).Status);
        Assert.Equal(200, (await CallAsync(agent, key)).Status);
        Assert.Equal(403, (await CallAsync(Nobody, key)).Status);
        Assert.Equal(403, (await hosted.SendAsync(HttpMethod.Post, $"/v1/agents/{agent}/keys", key, "{}")).Status);

        Assert.Equal(404, (await hosted.SendAsync(HttpMethod.Post, $"/v1/agents/{agent}/keys", hosted.Rival, "{}")).Status);
        Assert.Equal(404, (await hosted.SendAsync(HttpMethod.Get, $"/v1/agents/{agent}/keys", hosted.Rival)).Status);
        Assert.Equal(404, (await hosted.SendAsync(HttpMethod.Delete, $"/v1/agents/{agent}/keys/{made["key_id"]}", hosted.Rival)).Status);
        Assert.Equal(200, (await CallAsync(agent: null, key)).Status);

        var listed = (await hosted.SendAsync(HttpMethod.Get, $"/v1/agents/{agent}/keys", hosted.Owner)).Body;
        Assert.Equal("laptop", (string)JsonNode.Parse(listed)!["keys"]!.AsArray().Single()!["name"]!);
        Assert.Equal(200, (await hosted.SendAsync(HttpMethod.Delete, $"/v1/agents/{agent}/keys/{made["key_id"]}", hosted.Owner)).Status);
        Assert.Equal(401, (await CallAsync(agent: null, key)).Status);
    }

    [Fact]
    public async Task KeyOfAgentThatWasDeleted_OpensNothing()
    {
        var agent = await hosted.AgentAsync();
        var key = await hosted.KeyAsync(ApiKeyScopes.Use, agent);
        Assert.Equal(200, (await CallAsync(agent: null, key)).Status);

        Assert.Equal(200, (await hosted.SendAsync(HttpMethod.Delete, $"/v1/agents/{agent}", hosted.Owner)).Status);

        Assert.Equal(401, (await CallAsync(agent: null, key)).Status);
    }

    /// <summary>One that was made before keys had their new name.</summary>
    [Fact]
    public async Task KeyOfTheOldForm_StaysAKey()
    {
        var agent = await hosted.AgentAsync();
        var key = await hosted.KeyAsync(ApiKeyScopes.Use, agent);
        var old = "sk_cynsta_live_" + key[^32..];
        Assert.True(ApiKeySecret.TryParse(old, out var secret));
        Assert.True(ApiKeySecret.TryParse(key, out var made));
        await hosted.QueryAsync($"UPDATE spendguard.keys SET hash = '\\x{Convert.ToHexString(secret.Hash.Span)}'::bytea WHERE id = '{made.Id}'");

        Assert.Equal(200, (await CallAsync(agent: null, old)).Status);
        Assert.Equal(401, (await CallAsync(agent: null, key)).Status);
    }

    private static string Plain(string body, string agent) => body.Replace(agent, "AGENT", StringComparison.Ordinal);

    /// <summary>The status that refuses, or null where the caller gets through.</summary>
    private static HttpStatusCode? Expected(CallerKind caller, Route route) => (caller, route.Rule) switch
    {
        (_, AccessRule.Open) => null,
        (CallerKind.NoKey or CallerKind.BadKey or CallerKind.OtherText or CallerKind.RevokedKey, _) => HttpStatusCode.Unauthorized,
        (CallerKind.Use or CallerKind.BoundToThisAgent or CallerKind.BoundToAnotherAgent, AccessRule.Admin) => HttpStatusCode.Forbidden,
        (CallerKind.BoundToThisAgent, AccessRule.Read) when !route.NamesAgent => HttpStatusCode.Forbidden,
        (CallerKind.BoundToAnotherAgent, _) => HttpStatusCode.Forbidden,
        (CallerKind.Admin, AccessRule.Use) => HttpStatusCode.Forbidden,
        (CallerKind.OtherOrganisation, AccessRule.Read) when route.NamesAgent => HttpStatusCode.NotFound,
        _ => null,
    };

    private async Task<string?> KeyOfAsync(CallerKind caller, string agent) => caller switch
    {
        CallerKind.NoKey => null,
        CallerKind.BadKey => ApiKeySecret.Create().Reveal(),
        CallerKind.OtherText => "sk-proj-something-else",
        CallerKind.RevokedKey => await hosted.RevokedKeyAsync(),
        CallerKind.OtherOrganisation => hosted.Rival,
        CallerKind.Use => await hosted.KeyAsync(ApiKeyScopes.Use),
        CallerKind.Admin => await hosted.KeyAsync(ApiKeyScopes.Admin),
        CallerKind.BoundToThisAgent => await hosted.KeyAsync(ApiKeyScopes.Use, agent),
        _ => await hosted.KeyAsync(ApiKeyScopes.Use, Nobody),
    };

    private async Task<(int Status, string Body)> CallAsync(string? agent, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/chat/completions", UriKind.Relative))
        {
            Content = SidecarFixture.Body("""{"model":"gpt-4o-mini","max_tokens":5,"messages":[{"role":"user","content":"hello"}]}"""),
        };
        if (agent is not null)
        {
            request.Headers.Add("x-cynsta-agent-id", agent);
        }

        return await hosted.SendAsync(request, key);
    }
}
