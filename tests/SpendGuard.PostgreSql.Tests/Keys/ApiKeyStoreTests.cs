using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SpendGuard.Budgets;
using SpendGuard.Keys;
using SpendGuard.PostgreSql.Keys;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;

namespace SpendGuard.PostgreSql.Tests.Keys;

[Trait(Traits.Needs, Traits.Postgres)]
public sealed class ApiKeyStoreTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly NewApiKey Request = new("acme", ApiKeyScopes.Use, new AgentId("a"), "the crawler", Live: true);

    private readonly PostgresConnections _connections = PostgresConnections.Open(database.ConnectionString);

    private ApiKeyStore Keys => new(_connections, NullLogger<ApiKeyStore>.Instance);

    public Task InitializeAsync() => PostgresBudgetStore.MigrateAsync(new PostgresStoreOptions { Connections = _connections });

    public async Task DisposeAsync() => await _connections.DisposeAsync();

    [Fact]
    public async Task Find_CreatedKey_IsTheKeyThatWasAskedFor()
    {
        var secret = await Keys.CreateAsync(Request, Now, default);

        var key = await Keys.FindAsync(secret, default);

        Assert.Equal(
            new ApiKey
            {
                Id = secret.Id,
                Organization = "acme",
                Scopes = ApiKeyScopes.Use,
                Agent = new AgentId("a"),
                Name = "the crawler",
                CreatedAt = Now,
            },
            key);
    }

    [Fact]
    public async Task Create_KeepsNoKey()
    {
        var secret = await Keys.CreateAsync(Request, Now, default);

        var row = (string)(await database.QueryAsync($"SELECT keys::text FROM spendguard.keys WHERE id = '{secret.Id}'"))!;

        Assert.DoesNotContain(secret.Reveal(), row, StringComparison.Ordinal);
        Assert.DoesNotContain(secret.Reveal()[15..], row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_UnknownKey_IsNull() => Assert.Null(await Keys.FindAsync(ApiKeySecret.Create(), default));

    [Fact]
    public async Task Find_HashThatIsAnother_IsNull()
    {
        var secret = await Keys.CreateAsync(Request, Now, default);
        await database.ExecuteAsync(
            $"UPDATE spendguard.keys SET hash = set_byte(hash, 31, (get_byte(hash, 31) + 1) % 256) WHERE id = '{secret.Id}'");

        Assert.Null(await Keys.FindAsync(secret, default));
    }

    [Fact]
    public async Task Revoke_TakesEffectAtOnceAndForGood()
    {
        var secret = await Keys.CreateAsync(Request, Now, default);

        var revoked = await Keys.RevokeAsync(secret.Id, Now.AddDays(1), default);
        var again = await Keys.RevokeAsync(secret.Id, Now.AddDays(2), default);

        Assert.Equal(Now.AddDays(1), revoked!.RevokedAt);
        Assert.Equal(revoked, again);
        Assert.Null(await Keys.FindAsync(secret, default));
        Assert.Null(await Keys.RevokeAsync("nothing", Now, default));
    }

    [Fact]
    public async Task List_IsOfOneOrganisationOrOfAll()
    {
        var mine = await Keys.CreateAsync(Request with { Organization = "mine" }, Now, default);
        var theirs = await Keys.CreateAsync(Request with { Organization = "theirs" }, Now.AddSeconds(1), default);

        Assert.Equal([mine.Id], (await Keys.ListAsync("mine", null, default)).Select(key => key.Id));
        var all = (await Keys.ListAsync(null, null, default)).Select(key => key.Id).ToList();
        Assert.True(all.IndexOf(mine.Id) >= 0 && all.IndexOf(mine.Id) < all.IndexOf(theirs.Id));
    }

    [Fact]
    public async Task Create_KeyThatCouldRaiseItsOwnBudget_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(() =>
            Keys.CreateAsync(Request with { Scopes = ApiKeyScopes.Use | ApiKeyScopes.Admin }, Now, default));

        Assert.Contains("raise its own budget", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("acme\n", 1)]
    [InlineData("acme", 0)]
    [InlineData("acme", 4)]
    public async Task Create_Malformed_IsRefused(string organization, int scopes) =>
        await Assert.ThrowsAsync<ArgumentException>(() =>
            Keys.CreateAsync(new NewApiKey(organization, (ApiKeyScopes)scopes, null, null, Live: true), Now, default));
}
