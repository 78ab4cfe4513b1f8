using Npgsql;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Rows;
using SpendGuard.Storage;
using SpendGuard.Testing.Stores;

namespace SpendGuard.PostgreSql.Tests.Trees;

/// <summary>All accounts of a tenant, also those of windows that are over, past the store.</summary>
internal static class AccountTable
{
    /// <summary>Audits the whole of a tenant's books.</summary>
    public static async Task AssertBalancedAsync(IBudgetStore store, string connectionString, string tenant)
    {
        await Books.AssertBalancedAsync(store);
        AccountBooks.AssertComplete(await ReadAsync(connectionString, tenant), await Books.ReservationsAsync(store, await store.LedgerAsync()));
    }

    private static async Task<IReadOnlyList<Account>> ReadAsync(string connectionString, string tenant)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            SELECT node, limit_name, number, began, ends, length, amount, granted, spent, held, slices, raises, approval, thresholds, entry
            FROM spendguard.accounts WHERE tenant = $1
            """,
            connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = tenant } } };
        await using var rows = await command.ExecuteReaderAsync();
        var accounts = new List<Account>();
        while (await rows.ReadAsync())
        {
            accounts.Add(TreeRows.ReadAccount(rows, first: 0)!.Value.Account);
        }

        return accounts;
    }
}
