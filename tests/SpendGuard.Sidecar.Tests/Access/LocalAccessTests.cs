using SpendGuard.Keys;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Sidecar.Access;

namespace SpendGuard.Sidecar.Tests.Access;

/// <summary>Who gets through which door on one machine: every route for every kind of key, in each way that a sidecar can be set up.</summary>
public abstract class LocalAccessTests
{
    /// <summary>Kinds of callers. All of them say in the header that they are the agent that the route names.</summary>
    private enum CallerKind
    {
        NoKey,
        Filler,
        UnknownKey,
        RevokedKey,
        KeyOfDeletedAgent,
        AgentsKey,
        OtherAgentsKey,
        AdminKey,
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task EveryRoute_ForEveryKindOfKey_OpensAsItsRuleSays(bool hasAdminKey, bool requiresKeys)
    {
        await using var sidecar = await LocalKeys.StartAsync(
        [
            .. Store,
            ("CAP_ADMIN_KEY", hasAdminKey ? LocalKeys.AdminKey : null),
            ("SPENDGUARD_REQUIRE_KEYS", requiresKeys ? "true" : null),
        ]);
        foreach (var caller in Enum.GetValues<CallerKind>())
        {
            string? agent = null;
            string? key = null;
            foreach (var route in Route.All(sidecar.App))
            {
                if (!hasAdminKey && route.Pattern == "/v1/admin-key")
                {
                    // Whoever makes one shuts this door for all that follow.
                    continue;
                }

                if (agent is null)
                {
                    agent = await sidecar.CreateAgentAsync();
                    key = await KeyOfAsync(sidecar, caller, agent);
                }

                using var request = route.Request(agent);
                var (status, body) = await sidecar.SendAsync(request, key);

                var expected = Expected(caller, route, hasAdminKey, requiresKeys);
                Assert.True(
                    expected is { } exactly ? status == exactly : status is not (401 or 403) and < 500,
                    $"{route} for {caller} answered {status}, not {expected?.ToString() ?? "what it does"}: {body}");
                if (expected is null && route.Changes)
                {
                    // What it has changed would be in the way of the next.
                    agent = null;
                }
            }
        }

        Assert.DoesNotContain(sidecar.Provider.Calls, call => call.Billed);
    }

    /// <summary>The settings that name the store.</summary>
    protected abstract IReadOnlyList<(string Name, string? Value)> Store { get; }

    /// <summary>The status that refuses, or null where the caller gets through.</summary>
    private static int? Expected(CallerKind caller, Route route, bool hasAdminKey, bool requiresKeys) => (caller, route.Rule) switch
    {
        (_, AccessRule.Open) => null,
        (CallerKind.UnknownKey or CallerKind.RevokedKey or CallerKind.KeyOfDeletedAgent, _) => 401,
        (CallerKind.AgentsKey or CallerKind.OtherAgentsKey, AccessRule.Admin) => 403,
        (CallerKind.AgentsKey, AccessRule.Read) when !route.NamesAgent => 403,
        (CallerKind.OtherAgentsKey, _) => 403,
        (CallerKind.AgentsKey, _) => null,
        (CallerKind.AdminKey, _) when hasAdminKey => null,
        (_, AccessRule.Use) => requiresKeys ? 401 : null,
        _ => hasAdminKey ? 401 : null,
    };

    private static async Task<string?> KeyOfAsync(SidecarFixture sidecar, CallerKind caller, string agent)
    {
        switch (caller)
        {
            case CallerKind.NoKey:
                return null;
            case CallerKind.Filler:
                return "sk-proj-dummy";
            case CallerKind.UnknownKey:
                return ApiKeySecret.Create().Reveal();
            case CallerKind.RevokedKey:
                return await sidecar.CreateRevokedKeyAsync(agent);
            case CallerKind.KeyOfDeletedAgent:
                var deleted = await sidecar.CreateAgentAsync();
                var key = await sidecar.CreateKeyAsync(deleted);
                await sidecar.Engine.DeleteAgentAsync(new AgentId(deleted));
                return key;
            case CallerKind.AgentsKey:
                return await sidecar.CreateKeyAsync(agent);
            case CallerKind.OtherAgentsKey:
                return await sidecar.CreateKeyAsync(await sidecar.CreateAgentAsync());
            default:
                return LocalKeys.AdminKey;
        }
    }
}

public sealed class SqliteAccessTests : LocalAccessTests
{
    protected override IReadOnlyList<(string Name, string? Value)> Store => [];
}

[Trait(Traits.Needs, Traits.Postgres)]
public sealed class PostgresAccessTests(TestDatabase database) : LocalAccessTests, IClassFixture<TestDatabase>
{
    protected override IReadOnlyList<(string Name, string? Value)> Store =>
        [("CAP_STORE", "postgres"), ("CAP_POSTGRES", database.ConnectionString), ("CAP_SQLITE_PATH", null)];
}
