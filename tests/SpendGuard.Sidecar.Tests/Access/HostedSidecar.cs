using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SpendGuard.Budgets;
using SpendGuard.Keys;
using SpendGuard.PostgreSql;
using SpendGuard.PostgreSql.Keys;
using SpendGuard.PostgreSql.Tests.Server;

namespace SpendGuard.Sidecar.Tests.Access;

/// <summary>A sidecar in hosted mode with two organisations.</summary>
public sealed class HostedSidecar : IAsyncLifetime
{
    private readonly TestDatabase _database = new();

    internal SidecarFixture Sidecar { get; private set; } = null!;

    /// <summary>A key with both scopes of the organisation <c>acme</c>.</summary>
    internal string Owner { get; private set; } = null!;

    /// <summary>The same of the organisation <c>rival</c>.</summary>
    internal string Rival { get; private set; } = null!;

    /// <summary>Where its budgets and keys are.</summary>
    internal string Database => _database.ConnectionString;

    private ApiKeyStore Keys => Sidecar.App.Services.GetRequiredService<ApiKeyStore>();

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        await PostgresBudgetStore.MigrateAsync(new PostgresStoreOptions { ConnectionString = _database.ConnectionString });
        Sidecar = await SidecarFixture.StartAsync(settings:
        [
            ("CAP_MODE", "hosted"), ("CAP_STORE", "postgres"), ("CAP_POSTGRES", _database.ConnectionString), ("CAP_SQLITE_PATH", null),
        ]);
        Owner = await KeyAsync(ApiKeyScopes.Use | ApiKeyScopes.Admin);
        Rival = await KeyAsync(ApiKeyScopes.Use | ApiKeyScopes.Admin, organization: "rival");
    }

    public async Task DisposeAsync()
    {
        await Sidecar.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Asks its database for one value.</summary>
    internal Task<object?> QueryAsync(string sql) => _database.QueryAsync(sql);

    internal async Task<string> KeyAsync(ApiKeyScopes scopes, string? agent = null, string organization = "acme") =>
        (await Keys.CreateAsync(
            new NewApiKey(organization, scopes, agent is null ? (AgentId?)null : new AgentId(agent), null, Live: true), DateTimeOffset.UtcNow, default))
        .Reveal();

    internal async Task<string> RevokedKeyAsync()
    {
        var key = await KeyAsync(ApiKeyScopes.Use | ApiKeyScopes.Admin);
        Assert.True(ApiKeySecret.TryParse(key, out var secret));
        await Keys.RevokeAsync(secret.Id, DateTimeOffset.UtcNow, default);
        return key;
    }

    /// <summary>An agent of acme's with a budget.</summary>
    internal async Task<string> AgentAsync()
    {
        var created = await SendAsync(HttpMethod.Post, "/v1/agents", Owner, "{}");
        var agent = (string)JsonNode.Parse(created.Body)!["agent_id"]!;
        var set = await SendAsync(HttpMethod.Post, $"/v1/agents/{agent}/budget", Owner, """{"hard_limit_cents":500}""");
        Assert.Equal(200, set.Status);
        return agent;
    }

    internal async Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, string? key, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = SidecarFixture.Body(body);
        }

        return await SendAsync(request, key);
    }

    internal async Task<(int Status, string Body)> SendAsync(HttpRequestMessage request, string? key)
    {
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("x-api-key", key);
        }

        using var response = await Sidecar.Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
