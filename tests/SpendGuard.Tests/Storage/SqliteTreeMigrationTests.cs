using Microsoft.Data.Sqlite;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using SpendGuard.Storage.Sqlite;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Storage;

/// <summary>A file of before there were groups and limits, with a long history.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class SqliteTreeMigrationTests : IDisposable
{
    private const int Agents = 20;
    private const string Entries =
        """
        SELECT concat_ws('|', sequence, at, kind, agent, reservation, run, model, function, unbounded, amount, hard_limit, granted, spent, held,
            idempotency_key, content) FROM ledger ORDER BY sequence
        """;

    // Two entries for each, and a soak run has as many as some months bring.
    private static readonly int Calls = Environment.GetEnvironmentVariable("SPENDGUARD_SOAK") == "1" ? 100_000 : 2_000;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_FileWithAHistory_KeepsItEntryByEntry()
    {
        CreateBefore();
        var before = Query(Entries);
        Assert.Equal(Agents + (2 * Calls), before.Count);

        await using (var store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = _folder.File() }))
        {
            Assert.Equal(before, Query(Entries));
            await Books.AssertBalancedAsync(store);
            await LimitedTree.MakeAsync(store, StoreSteps.Amount(1_000_000), ["agent 0"]);
            Assert.Equal(BudgetStatus.Applied, (await store.ReserveAsync("agent 0", "new", 1, 10)).Status);
            Assert.Equal(BudgetStatus.Applied, (await store.SettleAsync("new", 3)).Status);
            await AccountTable.AssertBalancedAsync(store, _folder.File());
        }

        // The ledger is append-only after it too.
        Assert.Equal(before, Query(Entries).Take(before.Count));
        Assert.Contains("append-only", Assert.Throws<SqliteException>(() => Query("UPDATE ledger SET amount = 0")).Message, StringComparison.Ordinal);
        Assert.Contains("append-only", Assert.Throws<SqliteException>(() => Query("DELETE FROM ledger")).Message, StringComparison.Ordinal);
    }

    /// <summary>The statements of the version before, with which each of its commands begins, or which it reads and writes keys and agents by.</summary>
    [Theory]
    [InlineData("SELECT held, granted FROM budgets WHERE agent = 'agent 1'")]
    [InlineData("INSERT INTO budgets (agent, hard_limit, granted, spent, held, max_in_flight, in_flight, closed, max_call_share, batches) VALUES ('agent 1', 1, 1, 0, 0, NULL, 0, 0, NULL, 0)")]
    [InlineData("SELECT id, name, created_at, deleted_at FROM agents WHERE id = 'agent 1'")]
    [InlineData("INSERT INTO agents (id, name, created_at, deleted_at) VALUES ('new', NULL, 1, NULL)")]
    public async Task OlderProgram_ThatHasPreparedItsStatements_IsRefusedEachOfThem(string sql)
    {
        CreateBefore(calls: 2);
        await using var older = new SqliteConnection($"Data Source={_folder.File()};Pooling=False");
        await older.OpenAsync();
        await using var statement = new SqliteCommand(sql, older);
        await statement.PrepareAsync();

        await using var store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = _folder.File() });

        var refusal = await Assert.ThrowsAsync<SqliteException>(statement.ExecuteNonQueryAsync);
        Assert.Contains("no such table", refusal.Message, StringComparison.Ordinal);
    }

    private void CreateBefore(int? calls = null)
    {
        var version = Array.IndexOf(SqliteSchema.Steps, SqliteTreeSchema.Step);
        var all = calls ?? Calls;
        string[] books =
        [
            "CREATE TEMP TABLE numbers (value INTEGER PRIMARY KEY)",
            $"INSERT INTO numbers WITH RECURSIVE n (value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM n LIMIT {Math.Max(all, Agents)}) SELECT value FROM n",
            $"INSERT INTO agents (id, created_at) SELECT 'agent ' || value, 1 FROM numbers WHERE value < {Agents}",
            $"""
            INSERT INTO budgets (agent, hard_limit, granted, spent, held, in_flight, closed)
            SELECT 'agent ' || value, 1000000, 1000000, 3 * (({all} - value + {Agents - 1}) / {Agents}), 0, 0, 0 FROM numbers WHERE value < {Agents}
            """,
            $"""
            INSERT INTO reservations (id, agent, model, floor, ceiling, held, ended, charged, created_at, expires_at)
            SELECT 'r' || value, 'agent ' || (value % {Agents}), 'p:m', 5, 5, 5, 'settled', 3, 1, 2 FROM numbers WHERE value < {all}
            """,
            $"""
            INSERT INTO ledger (sequence, at, kind, agent, amount, hard_limit, granted, spent, held, idempotency_key, content)
            SELECT value + 1, 1, 'budget-set', 'agent ' || value, 0, 1000000, 1000000, 0, 0, 'key', '1000000|0|' FROM numbers WHERE value < {Agents}
            """,
            $"""
            INSERT INTO ledger (sequence, at, kind, agent, reservation, run, model, amount, hard_limit, granted, spent, held)
            SELECT {Agents} + 2 * value + ends + 1, value, iif(ends, 'settled', 'reserved'), 'agent ' || (value % {Agents}), 'r' || value, 'run', 'p:m',
                iif(ends, 3, 5), 1000000, 1000000, 3 * (value / {Agents} + ends), iif(ends, 0, 5)
            FROM numbers, (SELECT 0 AS ends UNION ALL SELECT 1) WHERE value < {all} ORDER BY 1
            """,
            $"PRAGMA application_id = {SqliteSchema.ApplicationId}",
            $"PRAGMA user_version = {version}",
        ];
        using var connection = new SqliteConnection($"Data Source={_folder.File()};Pooling=False");
        connection.Open();
        using var transaction = connection.BeginTransaction();
        foreach (var sql in SqliteSchema.Steps.Take(version).SelectMany(step => step).Concat(books))
        {
            using var command = new SqliteCommand(sql, connection, transaction);
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private List<string> Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File()};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        using var rows = command.ExecuteReader();
        var lines = new List<string>();
        while (rows.Read())
        {
            lines.Add(rows.GetString(0));
        }

        return lines;
    }
}
