using Npgsql;
using SpendGuard.Calls;
using SpendGuard.Testing;

namespace SpendGuard.PostgreSql.Tests.Faults;

/// <summary>Holds all of a tenant's budgets, as a transaction does that does not end.</summary>
internal sealed class BudgetLock : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private BudgetLock(NpgsqlConnection connection) => _connection = connection;

    public static async Task<BudgetLock> TakeAsync(string connectionString, string tenant)
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("SELECT 1 FROM spendguard.agent_budgets WHERE tenant = $1 FOR UPDATE", connection)
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
