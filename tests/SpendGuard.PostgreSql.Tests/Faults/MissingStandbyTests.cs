using Microsoft.Extensions.Time.Testing;
using Npgsql;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Keys;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Pricing;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Faults;

/// <summary>
/// The server is set to wait for a standby, and there is none. What it has then committed on its own disk only is not done: after a fail-over
/// it would be gone.
/// </summary>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed class MissingStandbyTests(SharedServer shared) : IClassFixture<SharedServer>, IAsyncLifetime
{
    private const string Waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";

    private readonly FakeTimeProvider _clock = new();
    private readonly PrivateServer _server = shared.Server;
    private readonly string _tenant = $"tenant {Guid.NewGuid()}";

    public static TheoryData<string, string> Ways()
    {
        var ways = new TheoryData<string, string>();
        foreach (var options in (string[])["", "-c client_min_messages=error", "-c synchronous_commit=local", "-c synchronous_commit=remote_write", "-c lc_messages=C"])
        {
            ways.Add("time-out", options);
            ways.Add("cancel", options);
        }

        return ways;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Also where a test has failed, so that the next does not wait.</summary>
    public Task DisposeAsync() => FindStandbyAsync();

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Hold_IsNotAnsweredAsDone_BeforeTheStandbyHasIt(string way, string options)
    {
        await using var store = await OpenAsync(options);
        await store.SetAsync("a", 100);
        await LoseStandbyAsync();

        var held = store.ReserveAsync("a", "r", 1, 10);
        await EndWaitAsync(way);
        if (way == "time-out")
        {
            var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => held);
            Assert.Contains("not known", exception.Message, StringComparison.Ordinal);
        }
        else
        {
            // It is looked up, found, and still not answered: finding it on this server says nothing of another.
            await UntilWaitingAsync();
            Assert.False(held.IsCompleted);
        }

        // The same again finds it on this server, and says so only once the standby has it.
        var again = store.ReserveAsync("a", "r", 1, 10);
        await UntilWaitingAsync();
        Assert.False(again.IsCompleted);
        await FindStandbyAsync();

        Assert.Equal(BudgetStatus.Replayed, (await again).Status);
        if (way == "cancel")
        {
            Assert.Equal(BudgetStatus.Applied, (await held).Status);
        }

        await Books.AssertBalancedAsync(store);
    }

    [Fact]
    public async Task Call_IsNotMade_AndItsHoldIsGivenBack()
    {
        var time = new FakeTimeProvider();
        await using var engine = new SpendGuardEngine(await OpenAsync(), new Prices(PriceBook.LoadBundled()), time: time);
        await engine.SetBudgetAsync("a", Money.FromDollars(1));
        await LoseStandbyAsync();

        var reserving = engine.ReserveAsync(Call()).AsTask();
        await EndWaitAsync("time-out");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => reserving);
        await FindStandbyAsync();

        await Eventually.HoldsAsync(
            async () => (await engine.ReadLedgerAsync().ToListAsync()).Exists(entry => entry.Kind == LedgerEntryKind.Released),
            () => time.Advance(TimeSpan.FromSeconds(1)));
        var budget = (await engine.FindBudgetAsync("a"))!;
        Assert.Equal((0, Money.Zero, Money.Zero), (budget.InFlight, budget.Held, budget.Spent));
    }

    [Fact]
    public async Task PaidCall_IsPending_AndSettledOnceTheStandbyIsBack()
    {
        var time = new FakeTimeProvider();
        await using var engine = new SpendGuardEngine(await OpenAsync(), new Prices(PriceBook.LoadBundled()), time: time);
        await engine.SetBudgetAsync("a", Money.FromDollars(1));
        var call = await engine.ReserveAsync(Call());
        await LoseStandbyAsync();

        var ending = call.EndAsync(new ProviderReport { Usage = new Usage { Input = 100, Output = 10 } }).AsTask();
        await EndWaitAsync("time-out");
        var settlement = await ending;
        Assert.True(settlement.IsPending);
        await FindStandbyAsync();

        await Eventually.HoldsAsync(
            async () => (await engine.ReadLedgerAsync().ToListAsync()).Exists(entry => entry.Kind == LedgerEntryKind.Settled),
            () => time.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(settlement.Charged, (await engine.FindBudgetAsync("a"))!.Spent);
    }

    [Fact]
    public async Task Key_RevokedOnThisServerOnly_IsNotAnsweredAsRevoked()
    {
        await using var connections = PostgresConnections.Open(_server.ConnectionString);
        await PostgresBudgetStore.MigrateAsync(new PostgresStoreOptions { Connections = connections });
        var keys = new ApiKeyStore(connections, Microsoft.Extensions.Logging.Abstractions.NullLogger<ApiKeyStore>.Instance);
        var secret = await keys.CreateAsync(new NewApiKey("o", ApiKeyScopes.Use, Agent: null, Name: null, Live: true), DateTimeOffset.UtcNow, default);
        await LoseStandbyAsync();

        var revoking = keys.RevokeAsync(secret.Id, DateTimeOffset.UtcNow, default);
        await UntilWaitingAsync();
        await CancelAsync();
        await UntilWaitingAsync();
        Assert.False(revoking.IsCompleted);
        await FindStandbyAsync();

        Assert.NotNull((await revoking)!.RevokedAt);
    }

    private static ModelCall Call() => new()
    {
        Agent = "a",
        Model = new ModelKey("openai", "gpt-4o"),
        Shape = new CallShape { InputBound = 100, OutputTokens = 100 },
    };

    private Task<PostgresBudgetStore> OpenAsync(string options = "") => PostgresBudgetStore.OpenAsync(new PostgresStoreOptions
    {
        ConnectionString = new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Options = options, CommandTimeout = 0 }.ConnectionString,
        Tenant = _tenant,
        Timeout = TestDatabase.Patience,
        Clock = _clock,
    });

    /// <summary>Loses it, and returns when commits wait for it: the server takes a setting over when it comes to it.</summary>
    private async Task LoseStandbyAsync()
    {
        await _server.SetAsync("synchronous_standby_names = 'nobody'");
        var probe = Task.CompletedTask;
        await Eventually.HoldsAsync(async () =>
        {
            probe = probe.IsCompleted ? AskAsync("SELECT pg_logical_emit_message(true, 'probe', '')") : probe;
            return await AskAsync(Waiting) is not 0L;
        });
        await CancelAsync();
        await probe;
    }

    private Task FindStandbyAsync() => _server.SetAsync("synchronous_standby_names = ''");

    private async Task EndWaitAsync(string way)
    {
        await UntilWaitingAsync();
        if (way == "time-out")
        {
            _clock.Advance(TestDatabase.Patience);
        }
        else
        {
            await CancelAsync();
        }
    }

    private async Task CancelAsync() => Assert.NotEqual(
        0L, await AskAsync("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"));

    private Task UntilWaitingAsync() => Eventually.HoldsAsync(
        async () => await AskAsync(Waiting) is not 0L,
        () => _clock.Advance(TimeSpan.FromMilliseconds(5)));

    private async Task<object?> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
