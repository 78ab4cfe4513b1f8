using Npgsql;
using SpendGuard.Calls;

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
        await using var command = new NpgsqlCommand("SELECT 1 FROM spendguard.budgets WHERE tenant = $1 FOR UPDATE", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = tenant } },
        };
        await command.ExecuteScalarAsync();
        return new BudgetLock(connection);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
