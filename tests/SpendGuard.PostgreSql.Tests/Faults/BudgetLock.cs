using Npgsql;
using SpendGuard.Calls;
using SpendGuard.Testing;

namespace SpendGuard.PostgreSql.Tests.Faults;

/// <summary>Holds all of a tenant's budgets, or nodes that it moves, as a transaction does that does not end.</summary>
internal sealed class BudgetLock : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private BudgetLock(NpgsqlConnection connection) => _connection = connection;

    public static Task<BudgetLock> TakeAsync(string connectionString, string tenant) =>
        TakeAsync(connectionString, "SELECT 1 FROM spendguard.agent_budgets WHERE tenant = $1 FOR UPDATE", tenant);

    /// <summary>Changes nodes of a tenant, and does not commit yet.</summary>
    public static Task<BudgetLock> MoveAsync(string connectionString, string tenant, string update) => TakeAsync(connectionString, update + " AND tenant = $1", tenant);

    /// <summary>Commits, and lets go.</summary>
    public async Task CommitAsync()
    {
        await using var command = new NpgsqlCommand("COMMIT", _connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<BudgetLock> TakeAsync(string connectionString, string sql, string tenant)
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = tenant } },
        };
        await command.ExecuteScalarAsync();
        return new BudgetLock(connection);
    }

    /// <summary>Returns when someone waits for it.</summary>
    /// <param name="nudge">What brings them to it.</param>
    public Task UntilWaitedForAsync(Action? nudge = null) => Eventually.HoldsAsync(
        async () =>
        {
            await using var command = new NpgsqlCommand(
                "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))", _connection);
            return (bool)(await command.ExecuteScalarAsync())!;
        },
        nudge);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
