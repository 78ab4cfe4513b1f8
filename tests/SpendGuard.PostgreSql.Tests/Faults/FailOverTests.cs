using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Pricing;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Faults;

/// <summary>
/// A primary with a synchronous standby, which is lost under load; then the primary is lost too, and the standby takes over. What the primary
/// had committed on its own disk only is gone, and no call was sent on it.
/// </summary>
[Trait(Traits.Needs, Traits.Postgres)]
public sealed class FailOverTests : IAsyncLifetime
{
    private const string Agent = "a";
    private const int Callers = 8;

    private static readonly Usage Usage = new() { Input = 100, Output = 10 };

    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<ReservationId> _sent = new();
    private PrivateServer _primary = null!;
    private PrivateServer _standby = null!;
    private int _refused;

    public async Task InitializeAsync()
    {
        _primary = await PrivateServer.StartAsync();
        _standby = await _primary.StartStandbyAsync();
        await Eventually.HoldsAsync(async () => await AskAsync(_primary, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") is 1L);
    }

    public async Task DisposeAsync()
    {
        await _standby.DisposeAsync();
        await _primary.DisposeAsync();
    }

    [Fact]
    public async Task EveryCallThatWasSent_HasItsHoldAfterTheFailOver()
    {
        await using var engine = new SpendGuardEngine(await OpenAsync(_primary.ConnectionStringWith(_standby)), new Prices(PriceBook.LoadBundled()), time: _time);
        await engine.SetBudgetAsync(Agent, Money.FromDollars(1000));
        var load = CallUntilRefusedAsync(engine);
        await Eventually.HoldsAsync(() => _sent.Count > 50);

        await _standby.KillAsync();
        await Eventually.HoldsAsync(async () => await AskAsync(_primary, "SELECT count(*) FROM pg_stat_replication") is 0L
            && await AskAsync(_primary, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") is not 0L);
        await DoneAsync(load, TimeSpan.FromSeconds(1));
        Assert.Equal(Callers, _refused);
        var known = (string[])(await AskAsync(_primary, "SELECT coalesce(array_agg(id), '{}') FROM spendguard.reservations"))!;

        await _primary.KillAsync();
        await _standby.StartAgainAsync();
        await _standby.PromoteAsync();

        await using var books = await OpenAsync(_standby.ConnectionString);
        var kept = (string[])(await AskAsync(_standby, "SELECT coalesce(array_agg(id), '{}') FROM spendguard.reservations"))!;
        Assert.NotEmpty(known.Except(kept));
        Assert.Empty(_sent.Select(id => id.Value).Except(kept));

        // The same engine goes on at the new primary, and ends there what it could not end.
        var before = _sent.Count;
        await DoneAsync(CallAsync(engine), TimeSpan.FromMilliseconds(50));
        Assert.Equal(before + 1, _sent.Count);
        await DoneAsync(UntilEndedAsync(books), TimeSpan.FromMilliseconds(50));
        var charged = (await books.LedgerAsync()).Where(entry => entry.Kind == LedgerEntryKind.Settled).ToDictionary(entry => entry.Reservation!.Value, entry => entry.Amount);
        Assert.Equal(_sent.Select(id => id.Value).Order(StringComparer.Ordinal), charged.Keys.Select(id => id.Value).Order(StringComparer.Ordinal));

        // What was in doubt is asked for once more and given back: the books stand still when that is over.
        await engine.DisposeAsync();
        await Books.AssertBalancedAsync(books);
    }

    /// <summary>Each caller makes one call after the other, until one is refused.</summary>
    private Task CallUntilRefusedAsync(SpendGuardEngine engine) => Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
    {
        try
        {
            while (true)
            {
                await CallAsync(engine);
            }
        }
        catch (StoreUnavailableException)
        {
        }

        Interlocked.Increment(ref _refused);
    })));

    private async Task CallAsync(SpendGuardEngine engine)
    {
        var reserved = await engine.ReserveAsync(new ModelCall
        {
            Agent = Agent,
            Model = new ModelKey("openai", "gpt-4o"),
            Shape = new CallShape { InputBound = 100, OutputTokens = 100 },
        });
        _sent.Enqueue(reserved.Reservation.Id);
        await reserved.EndAsync(new ProviderReport { Usage = Usage });
    }

    /// <summary>Waits for something while time goes on, by steps: a time-out of the store passes, and pauses between tries.</summary>
    private async Task DoneAsync(Task task, TimeSpan step)
    {
        await Eventually.HoldsAsync(() => task.IsCompleted, () => _time.Advance(step));
        await task;
    }

    private static async Task UntilEndedAsync(PostgresBudgetStore books)
    {
        while ((await books.BudgetAsync(Agent)).InFlight > 0)
        {
            await Task.Yield();
        }
    }

    private Task<PostgresBudgetStore> OpenAsync(string connectionString) => PostgresBudgetStore.OpenAsync(new PostgresStoreOptions
    {
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0 }.ConnectionString,
        Timeout = TestDatabase.Patience,
        Clock = _time,
    });

    private static async Task<object?> AskAsync(PrivateServer server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
