using Microsoft.Data.Sqlite;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Storage;

/// <summary>All accounts of a file, also those of windows that are over, past the store.</summary>
internal static class AccountTable
{
    /// <summary>Audits the whole of a file's books.</summary>
    public static async Task AssertBalancedAsync(IBudgetStore store, string path)
    {
        await Books.AssertBalancedAsync(store);
        AccountBooks.AssertComplete(Read(path), await Books.ReservationsAsync(store, await store.LedgerAsync()));
    }

    private static List<Account> Read(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False;Mode=ReadOnly");
        connection.Open();
        using var command = new SqliteCommand("SELECT node, limit_name, number, began, ends, length, amount, granted, spent, held, slices, raises, approval FROM accounts", connection);
        using var rows = command.ExecuteReader();
        var accounts = new List<Account>();
        while (rows.Read())
        {
            accounts.Add(new Account
            {
                Node = rows.GetString(0),
                Limit = rows.GetString(1),
                Number = rows.GetInt32(2),
                From = new DateTimeOffset(rows.GetInt64(3), TimeSpan.Zero),
                Until = rows.IsDBNull(4) ? null : new DateTimeOffset(rows.GetInt64(4), TimeSpan.Zero),
                Length = rows.IsDBNull(5) ? null : TimeSpan.FromTicks(rows.GetInt64(5)),
                Amount = Money.FromMicrocents(rows.GetInt64(6)),
                Granted = Money.FromMicrocents(rows.GetInt64(7)),
                Spent = Money.FromMicrocents(rows.GetInt64(8)),
                Held = Money.FromMicrocents(rows.GetInt64(9)),
                Slices = rows.IsDBNull(10) ? null : rows.GetString(10),
                Raises = Raises.Parse(rows.IsDBNull(11) ? null : rows.GetString(11)),
                Approval = rows.IsDBNull(12) ? (ApprovalId?)null : new ApprovalId(rows.GetString(12)),
            });
        }

        return accounts;
    }
}
