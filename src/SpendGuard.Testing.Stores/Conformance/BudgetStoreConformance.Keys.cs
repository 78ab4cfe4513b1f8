using SpendGuard.Budgets;
using SpendGuard.Keys;
using Xunit;

namespace SpendGuard.Testing.Stores;

/// <content>Keys of agents. A store that keeps none passes.</content>
public abstract partial class BudgetStoreConformance
{
    private static readonly DateTimeOffset KeyTime = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>A key that was kept is found by its text, as it was.</summary>
    [Fact]
    public async Task Key_IsFoundByItsText_AsItWasMade()
    {
        if (Store.Keys is { } keys)
        {
            var (key, secret) = await AddKeyAsync(keys, "a", "the crawler");

            Assert.Equal(key, await keys.FindAsync(secret, default));
            Assert.Null(await keys.FindAsync(ApiKeySecret.Create(), default));
        }
    }

    /// <summary>There is no key without an agent.</summary>
    [Fact]
    public async Task Key_OfNoAgent_IsNotKept()
    {
        if (Store.Keys is { } keys)
        {
            var secret = ApiKeySecret.Create();
            var key = new AgentKey { Id = secret.Id, Agent = new AgentId("nobody"), CreatedAt = KeyTime };

            Assert.False(await keys.AddAsync(key, secret, default));
            Assert.Null(await keys.FindAsync(secret, default));
            Assert.Empty(await keys.ListAsync(key.Agent, default));
        }
    }

    /// <summary>A key that was revoked is never found again, and keeps the time of its revocation.</summary>
    [Fact]
    public async Task Key_Revoked_OpensNothing_AndStaysInTheList()
    {
        if (Store.Keys is { } keys)
        {
            var (key, secret) = await AddKeyAsync(keys, "a");
            var (other, otherSecret) = await AddKeyAsync(keys, "a");

            var revoked = await keys.RevokeAsync(key.Agent, key.Id, KeyTime.AddDays(1), default);
            var again = await keys.RevokeAsync(key.Agent, key.Id, KeyTime.AddDays(2), default);

            Assert.Equal(key with { RevokedAt = KeyTime.AddDays(1) }, revoked);
            Assert.Equal(revoked, again);
            Assert.Null(await keys.FindAsync(secret, default));
            Assert.Equal(other, await keys.FindAsync(otherSecret, default));
            Assert.Equal(
                new[] { revoked!, other }.OrderBy(one => one.Id, StringComparer.Ordinal),
                (await keys.ListAsync(key.Agent, default)).OrderBy(one => one.Id, StringComparer.Ordinal));
        }
    }

    /// <summary>An agent's keys are its own: nobody else lists or revokes them.</summary>
    [Fact]
    public async Task Key_OfAnotherAgent_IsNeitherListedNorRevoked()
    {
        if (Store.Keys is { } keys)
        {
            var (key, secret) = await AddKeyAsync(keys, "a");
            await AddKeyAsync(keys, "b");

            Assert.Null(await keys.RevokeAsync(new AgentId("b"), key.Id, KeyTime, default));
            Assert.Null(await keys.RevokeAsync(key.Agent, "nothing", KeyTime, default));
            Assert.Equal(key, await keys.FindAsync(secret, default));
            Assert.Equal([key], await keys.ListAsync(key.Agent, default));
        }
    }

    /// <summary>The keys of an agent that was deleted go with it.</summary>
    [Fact]
    public async Task Key_OfAgentThatWasDeleted_OpensNothing()
    {
        if (Store.Keys is { } keys)
        {
            var (key, secret) = await AddKeyAsync(keys, "a");

            await Store.ApplyAsync(new DeleteAgent(key.Agent, KeyTime.AddDays(1)), default);

            Assert.Null(await keys.FindAsync(secret, default));
            Assert.Equal(KeyTime.AddDays(1), Assert.Single(await keys.ListAsync(key.Agent, default)).RevokedAt);
            Assert.False(await keys.AddAsync(key with { Id = "another" }, ApiKeySecret.Create(), default));
        }
    }

    private async Task<(AgentKey Key, ApiKeySecret Secret)> AddKeyAsync(IAgentKeyStore keys, string agent, string? name = null)
    {
        await Store.ApplyAsync(new CreateAgent(new AgentId(agent), null, KeyTime), default);
        var secret = ApiKeySecret.Create();
        var key = new AgentKey { Id = secret.Id, Agent = new AgentId(agent), Name = name, CreatedAt = KeyTime };
        Assert.True(await keys.AddAsync(key, secret, default));
        return (key, secret);
    }
}
