using Microsoft.Data.Sqlite;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using SpendGuard.Storage.Sqlite;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Storage;

/// <summary>A file of before there were requests for approval and alerts, with groups, limits and calls in flight.</summary>
public sealed class SqliteApprovalMigrationTests : IDisposable
{
    private const string Entry =
        """
        INSERT INTO ledger (at, kind, agent, group_id, reservation, run, model, function, unbounded, amount, hard_limit, granted, spent, held,
            idempotency_key, content, limit_name, under, done_by, reason)
        VALUES (7, 'reserved', 'a', NULL, 'r', 'run', 'p:m', 'f', 'u', 5, 100, 100, 0, 5, NULL, NULL, NULL, NULL, NULL, NULL)
        """;

    private const string Entries =
        """
        SELECT concat_ws('|', sequence, at, kind, agent, group_id, reservation, run, model, function, unbounded, amount, hard_limit, granted, spent, held,
            idempotency_key, content, limit_name, under, done_by, reason) FROM ledger ORDER BY sequence
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_KeepsHistoryLimitsAndCallsInFlight()
    {
        CreateBefore();
        var before = Query(Entries);
        Assert.Equal(4, before.Count);

        await using var store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = _folder.File() });

        Assert.Equal(before, Query(Entries));
        Assert.Contains("append-only", Assert.Throws<SqliteException>(() => Query("UPDATE ledger SET amount = 0")).Message, StringComparison.Ordinal);
        Assert.Contains("append-only", Assert.Throws<SqliteException>(() => Query("DELETE FROM ledger")).Message, StringComparison.Ordinal);
        var limit = Assert.Single((await store.FindPathAsync("team", default))[0].Limits).Limit;
        Assert.Equal(Limit.PerMonth(StoreSteps.Amount(50), "Europe/Berlin").ThatPauses(), limit);
        var budget = await store.BudgetAsync("a");
        Assert.Equal((LimitAction.Refuse, AlertThresholds.Default, Raises.None, null), (budget.Action, budget.Thresholds, budget.Raises, budget.Approval));
        Assert.Equal(BudgetStatus.Applied, (await store.SettleAsync("r", 3)).Status);
        await store.LimitAsync("team", Limit.Total(StoreSteps.Amount(70)).ThatAsks().AlertingAt(50));
        Assert.Equal(["month", "total"], (await store.FindPathAsync("team", default))[0].Limits.Select(state => state.Limit.Window.Name));
        await AccountTable.AssertBalancedAsync(store, _folder.File());
    }

    /// <summary>What every command of the version before writes when it holds or books money.</summary>
    [Fact]
    public async Task OlderProgram_ThatHasPreparedItsStatements_HoldsNothing()
    {
        CreateBefore();
        await using var older = new SqliteConnection($"Data Source={_folder.File()};Pooling=False");
        await older.OpenAsync();
        await using var statement = new SqliteCommand(Entry, older);
        await statement.PrepareAsync();

        await using var store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = _folder.File() });

        var refusal = await Assert.ThrowsAsync<SqliteException>(statement.ExecuteNonQueryAsync);
        Assert.Contains("ledger.raised", refusal.Message, StringComparison.Ordinal);
    }

    private void CreateBefore()
    {
        var version = Array.IndexOf(SqliteSchema.Steps, SqliteApprovalSchema.Step);
        string[] books =
        [
            "INSERT INTO nodes (id, kind, created_at) VALUES ('team', 'group', 1)",
            "INSERT INTO nodes (id, kind, parent, created_at) VALUES ('a', 'agent', 'team', 2)",
            "INSERT INTO limits VALUES ('team', 'month', 'Europe/Berlin', 50, 'pause')",
            "INSERT INTO accounts VALUES ('team', 'month', 1, 1, NULL, NULL, 50, 50, 0, 5, NULL)",
            "INSERT INTO agent_budgets (agent, hard_limit, granted, spent, held, in_flight, closed) VALUES ('a', 100, 100, 0, 5, 1, 0)",
            $"""
            INSERT INTO reservations (id, agent, run, model, function, unbounded, floor, ceiling, held, charged, created_at, expires_at, accounts)
            VALUES ('r', 'a', 'run', 'p:m', 'f', 'u', 5, 5, 5, 0, 1, {DateTime.MaxValue.Ticks}, '[["team","month",1]]')
            """,
            "INSERT INTO ledger (at, kind, group_id, amount, hard_limit, granted, spent, held) VALUES (1, 'group-created', 'team', 0, 0, 0, 0, 0)",
            "INSERT INTO ledger (at, kind, group_id, amount, hard_limit, granted, spent, held, limit_name, done_by, reason) VALUES (2, 'limit-set', 'team', 50, 0, 0, 0, 0, 'month', 'me', 'why')",
            "INSERT INTO ledger (at, kind, agent, amount, hard_limit, granted, spent, held, idempotency_key, content, under) VALUES (3, 'budget-set', 'a', 0, 100, 100, 0, 0, 'key', '100|0|', 'team')",
            Entry,
            $"PRAGMA application_id = {SqliteSchema.ApplicationId}",
            $"PRAGMA user_version = {version}",
        ];
        using var connection = new SqliteConnection($"Data Source={_folder.File()};Pooling=False");
        connection.Open();
        foreach (var sql in SqliteSchema.Steps.Take(version).SelectMany(step => step).Concat(books))
        {
            using var command = new SqliteCommand(sql, connection);
            command.ExecuteNonQuery();
        }
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
