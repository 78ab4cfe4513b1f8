using Microsoft.Extensions.Time.Testing;
using SpendGuard.Budgets;
using SpendGuard.Keys;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Keys;

/// <summary>What is known of a key without asking the store, and for how long.</summary>
public sealed class AgentKeysTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly CountingStore _store = new();
    private SpendGuardEngine _engine = null!;

    public async Task InitializeAsync()
    {
        _engine = NewEngine();
        await _engine.CreateAgentAsync(agent: "nightly");
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Find_AgainWithinASecond_AsksTheStoreOnce()
    {
        var secret = (await _engine.Keys.CreateAsync("nightly")).Secret;

        for (var call = 0; call < 10; call++)
        {
            Assert.Equal("nightly", (await _engine.Keys.FindAsync(secret))!.Agent.Value);
            _time.Advance(TimeSpan.FromMilliseconds(99));
        }

        Assert.Equal(1, _store.Finds);
        _time.Advance(TimeSpan.FromMilliseconds(10));
        await _engine.Keys.FindAsync(secret);
        Assert.Equal(2, _store.Finds);
    }

    [Fact]
    public async Task Revoked_Here_OpensNothingAtOnce()
    {
        var made = await _engine.Keys.CreateAsync("nightly");
        await _engine.Keys.FindAsync(made.Secret);

        await _engine.Keys.RevokeAsync("nightly", made.Key.Id);

        Assert.Null(await _engine.Keys.FindAsync(made.Secret));
    }

    [Fact]
    public async Task AgentDeleted_Here_ItsKeysOpenNothingAtOnce()
    {
        var made = await _engine.Keys.CreateAsync("nightly");
        await _engine.Keys.FindAsync(made.Secret);

        await _engine.DeleteAgentAsync("nightly");

        Assert.Null(await _engine.Keys.FindAsync(made.Secret));
    }

    [Fact]
    public async Task Revoked_Elsewhere_OpensNothingAfterASecond()
    {
        var elsewhere = NewEngine();
        var made = await _engine.Keys.CreateAsync("nightly");
        await _engine.Keys.FindAsync(made.Secret);

        await elsewhere.Keys.RevokeAsync("nightly", made.Key.Id);

        Assert.NotNull(await _engine.Keys.FindAsync(made.Secret));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await _engine.Keys.FindAsync(made.Secret));
    }

    [Fact]
    public async Task Revoked_WhileTheStoreIsAsked_IsNotRemembered()
    {
        var made = await _engine.Keys.CreateAsync("nightly");
        _store.OnFound = async () => await _engine.Keys.RevokeAsync("nightly", made.Key.Id);

        await _engine.Keys.FindAsync(made.Secret);

        Assert.Null(await _engine.Keys.FindAsync(made.Secret));
    }

    [Fact]
    public async Task UnknownKeys_AreNotRemembered()
    {
        var secret = ApiKeySecret.Create();

        Assert.Null(await _engine.Keys.FindAsync(secret));
        Assert.Null(await _engine.Keys.FindAsync(secret));

        Assert.Equal(2, _store.Finds);
    }

    [Fact]
    public async Task Create_ForNoAgent_IsRefused() =>
        await Assert.ThrowsAsync<AgentNotFoundException>(async () => await _engine.Keys.CreateAsync("nobody"));

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    public async Task Create_WithNoName_IsRefused(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await _engine.Keys.CreateAsync("nightly", name));

    [Fact]
    public async Task StoreThatKeepsNoKeys_SaysSo_AndKnowsNone()
    {
        await using var engine = new SpendGuardEngine(new KeylessStore(), new Prices(PriceBook.LoadBundled()));

        await Assert.ThrowsAsync<NotSupportedException>(async () => await engine.Keys.CreateAsync("nightly"));
        Assert.Null(await engine.Keys.FindAsync(ApiKeySecret.Create()));
    }

    private SpendGuardEngine NewEngine() => new(_store, new Prices(PriceBook.LoadBundled()), time: _time);

    private sealed class KeylessStore() : DelegatingBudgetStore(new InMemoryBudgetStore())
    {
        public override IAgentKeyStore? Keys => null;
    }

    private sealed class CountingStore() : DelegatingBudgetStore(new InMemoryBudgetStore()), IAgentKeyStore
    {
        public int Finds { get; private set; }

        public Func<Task>? OnFound { get; set; }

        public override IAgentKeyStore Keys => this;

        public ValueTask<bool> AddAsync(AgentKey key, ApiKeySecret secret, CancellationToken cancellationToken) =>
            Inner.Keys!.AddAsync(key, secret, cancellationToken);

        public async ValueTask<AgentKey?> FindAsync(ApiKeySecret secret, CancellationToken cancellationToken)
        {
            Finds++;
            var found = await Inner.Keys!.FindAsync(secret, cancellationToken);
            await (OnFound?.Invoke() ?? Task.CompletedTask);
            return found;
        }

        public ValueTask<IReadOnlyList<AgentKey>> ListAsync(AgentId agent, CancellationToken cancellationToken) =>
            Inner.Keys!.ListAsync(agent, cancellationToken);

        public ValueTask<AgentKey?> RevokeAsync(AgentId agent, string id, DateTimeOffset now, CancellationToken cancellationToken) =>
            Inner.Keys!.RevokeAsync(agent, id, now, cancellationToken);
    }
}
