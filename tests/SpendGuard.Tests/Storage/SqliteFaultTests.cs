using Microsoft.Data.Sqlite;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;
using SQLitePCL;

namespace SpendGuard.Tests.Storage;

/// <summary>What a store does when its file does not.</summary>
public sealed class SqliteFaultTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ForeignLock_LongerThanTheTimeout_FailsAndWritesNothing()
    {
        await using var store = await OpenAsync(options => new SqliteStoreOptions { Path = options.Path, BusyTimeout = TimeSpan.FromMilliseconds(20) });
        await store.SetAsync("a", 100);
        using (var other = Connect())
        {
            Execute(other, "BEGIN EXCLUSIVE");

            var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReserveAsync("a", "r", 1, 1));

            Assert.Contains("its lock was not to be had for 0.02 s: another process held it, or others took it in turn.", exception.Message, StringComparison.Ordinal);
            Assert.Equal(100, (await store.BudgetAsync("a")).Available.Microcents);
            Execute(other, "ROLLBACK");
        }

        Assert.Null(await store.FindReservationAsync(new ReservationId("r"), default));
        Assert.Equal(BudgetStatus.Applied, (await store.ReserveAsync("a", "r", 1, 1)).Status);
    }

    [Fact]
    public async Task Cancelled_WhileItWaitsForTheLock_IsWithdrawn()
    {
        await using var store = await OpenAsync(options => new SqliteStoreOptions { Path = options.Path, BusyTimeout = TimeSpan.FromMinutes(5) });
        await store.SetAsync("a", 100);
        using var other = Connect();
        Execute(other, "BEGIN EXCLUSIVE");
        using var cancellation = new CancellationTokenSource();
        var withdrawn = store.ApplyAsync(
            new Reserve(new ReservationId("w"), "a", null, null, Money.Zero, Money.Zero, StoreSteps.Start, StoreSteps.Start), cancellation.Token);
        var kept = store.ReserveAsync("a", "kept", 1, 1);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await withdrawn);
        Execute(other, "ROLLBACK");

        Assert.Equal(BudgetStatus.Applied, (await kept).Status);
        Assert.Null(await store.FindReservationAsync(new ReservationId("w"), default));
    }

    [Fact]
    public async Task DiskFull_FailsClosedAndWorksAgainWhenThereIsRoom()
    {
        var connection = default(SqliteConnection);
        await using var store = await OpenAsync(options => new SqliteStoreOptions { Path = options.Path, Opened = opened => connection = opened });
        await store.SetAsync("a", 1_000_000);
        Execute(connection!, "PRAGMA max_page_count = 1");
        var acknowledged = new List<string>();

        // What fits into pages that are there is still taken; then it is refused.
        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                await store.ReserveAsync("a", $"r{i}", 1, 1);
                acknowledged.Add($"r{i}");
            }
        });

        Assert.Equal(raw.SQLITE_FULL, Assert.IsType<SqliteException>(exception.InnerException).SqliteErrorCode);
        Assert.Equal(acknowledged.Count, (await store.BudgetAsync("a")).InFlight);
        Execute(connection!, "PRAGMA max_page_count = 1000000");
        Assert.Equal(BudgetStatus.Applied, (await store.ReserveAsync("a", "again", 1, 1)).Status);
        await Books.AssertBalancedAsync(store);
    }

    [Fact]
    public async Task BatchThatFails_FailsEveryCommandInIt()
    {
        var connection = default(SqliteConnection);
        await using var store = await OpenAsync(options => new SqliteStoreOptions { Path = options.Path, Opened = opened => connection = opened });
        await store.SetAsync("a", 100);
        Execute(connection!, "PRAGMA query_only = ON");

        var commands = Enumerable.Range(0, 10).Select(i => store.ReserveAsync("a", $"r{i}", 1, 1)).ToList();

        foreach (var command in commands)
        {
            var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => command);
            Assert.Equal(raw.SQLITE_READONLY, Assert.IsType<SqliteException>(exception.InnerException).SqliteErrorCode);
        }

        Execute(connection!, "PRAGMA query_only = OFF");
        Assert.Equal(100, (await store.BudgetAsync("a")).Available.Microcents);
    }

    [Fact]
    public async Task Corruption_BreaksTheStoreForGood()
    {
        var connection = default(SqliteConnection);
        await using var store = await OpenAsync(options => new SqliteStoreOptions { Path = options.Path, Opened = opened => connection = opened });
        await store.SetAsync("a", 100);
        Execute(connection!, "UPDATE agent_budgets SET in_flight = 99999999999");

        var first = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.BudgetAsync("a"));
        var second = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.SetAsync("b", 1));

        Assert.Contains("damaged", first.Message, StringComparison.Ordinal);
        Assert.Contains("anew", second.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadOnlyFile_IsRefused()
    {
        await using (var store = await OpenAsync())
        {
            await store.SetAsync("a", 100);
        }

        // Not by the file's permissions: they mean nothing to a privileged process. SQLite falls back to this mode by itself.
        var options = new SqliteStoreOptions { Path = _folder.File(), Mode = SqliteOpenMode.ReadOnly };
        await using var readOnly = new SqliteBudgetStore(options);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => readOnly.ReserveAsync("a", "r", 1, 1));
    }

    [Theory]
    [InlineData("missing/folder/budget.db")]
    [InlineData(".")]
    public async Task PathThatCannotBe_IsRefusedWithASentence(string path)
    {
        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = _folder.File(path) }));

        Assert.Contains("cannot be opened", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RandomBytes_AreRefused()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var bytes = new byte[8192];
            new Random(seed).NextBytes(bytes);
            if (seed % 2 == 0)
            {
                "SQLite format 3\0"u8.CopyTo(bytes);
            }

            await File.WriteAllBytesAsync(_folder.File($"{seed}"), bytes);
            await Assert.ThrowsAsync<StoreUnavailableException>(() =>
                SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = _folder.File($"{seed}") }));
        }
    }

    [Fact]
    public async Task NewerSchema_IsRefusedByNameAndStaysAsItIs()
    {
        await using (await OpenAsync())
        {
        }

        using var other = Connect();
        Execute(other, "PRAGMA user_version = 99");

        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync());

        Assert.Contains("schema 99", exception.Message, StringComparison.Ordinal);
        Assert.Equal("99", Query(other, "PRAGMA user_version"));
    }

    [Fact]
    public async Task DatabaseOfAnotherProgram_IsRefusedAndStaysAsItIs()
    {
        using var other = Connect();
        Execute(other, "CREATE TABLE theirs (x)");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync());

        Assert.Equal("theirs", Query(other, "SELECT group_concat(name) FROM sqlite_schema"));
        Assert.Equal("delete", Query(other, "PRAGMA journal_mode"));
    }

    [Theory]
    [InlineData("UPDATE agent_budgets SET spent = 6 WHERE agent = 'a'")]
    [InlineData("UPDATE agent_budgets SET granted = granted + 1 WHERE agent = 'a'")]
    [InlineData("UPDATE agent_budgets SET in_flight = in_flight + 1 WHERE agent = 'a'")]
    [InlineData("UPDATE reservations SET held = held - 1 WHERE ended IS NULL")]
    [InlineData("DELETE FROM agent_budgets WHERE agent = 'a'")]
    public async Task BooksOfCallsInFlightThatWereEdited_AreRefusedAtOpening(string edit)
    {
        await WriteBooksAsync();
        Edit(edit);

        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync());

        Assert.Contains("does not balance", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE agent_budgets SET spent = 0 WHERE agent = 'b'")]
    [InlineData("UPDATE agent_budgets SET granted = granted + 1 WHERE agent = 'b'")]
    [InlineData("UPDATE agent_budgets SET hard_limit = hard_limit + 1 WHERE agent = 'b'")]
    [InlineData("DELETE FROM agent_budgets WHERE agent = 'b'")]
    public async Task BooksThatWereEdited_AreNeverUsed(string edit)
    {
        await WriteBooksAsync();
        Edit(edit);

        await using var store = await OpenAsync();

        Func<Task>[] uses =
        [
            () => store.BudgetAsync("b"),
            () => store.SetAsync("b", 100, topUp: 5),
            () => store.ReserveAsync("b", "r4", 0, 1),
            () => store.SettleAsync("r3", 3),
        ];
        foreach (var use in uses)
        {
            var exception = await Assert.ThrowsAsync<StoreUnavailableException>(use);
            Assert.Contains("does not balance", exception.Message, StringComparison.Ordinal);
        }

        // The others go on.
        Assert.Equal(BudgetStatus.Applied, (await store.SettleAsync("r2", 1)).Status);
    }

    [Theory]
    [InlineData("UPDATE accounts SET held = held - 1 WHERE node = 'team'")]
    [InlineData("UPDATE accounts SET held = held + 1 WHERE node = 'team'")]
    [InlineData("DELETE FROM accounts WHERE node = 'team'")]
    public async Task AccountsOfCallsInFlightThatWereEdited_AreRefusedAtOpening(string edit)
    {
        await using (var store = await OpenAsync())
        {
            await store.GroupAsync("team");
            await store.LimitAsync("team", Limit.PerMonth(StoreSteps.Amount(100)));
            await store.SetAsync("a", 100);
            await store.MoveAsync("a", under: "team");
            await store.LimitAsync("a", Limit.PerDay(StoreSteps.Amount(100)));
            await store.ReserveAsync("a", "r1", 5, 10);
            await store.ReserveAsync("a", "r2", 5, 10);
            await store.SettleAsync("r1", 7);
        }

        await using (await OpenAsync())
        {
            // As it was written it is taken.
        }

        Edit(edit);

        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync());

        Assert.Contains("limit month of team does not hold", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>A newer SpendGuard may add what this one would not write; it is not let go on until it finds out by itself.</summary>
    [Fact]
    public async Task File_ThatANewerProgramHasMigratedMeanwhile_IsWrittenNoMore()
    {
        await using var store = await OpenAsync();
        await store.SetAsync("a", 100);
        Edit("PRAGMA user_version = 99");

        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReserveAsync("a", "r", 1, 1));

        Assert.Contains("schema 99", exception.Message, StringComparison.Ordinal);
        Assert.Equal(100, (await store.BudgetAsync("a")).Available.Microcents);
    }

    [Theory]
    [InlineData("UPDATE ledger SET amount = 0")]
    [InlineData("DELETE FROM ledger")]
    public async Task Ledger_IsAppendOnly(string edit)
    {
        await using var store = await OpenAsync();
        await store.SetAsync("a", 100);
        using var other = Connect();

        var exception = Assert.Throws<SqliteException>(() => Execute(other, edit));

        Assert.Contains("append-only", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Agent a has a call in flight, and agent b had one.</summary>
    private async Task WriteBooksAsync()
    {
        await using var store = await OpenAsync();
        await store.SetAsync("a", 100);
        await store.SetAsync("b", 100);
        await store.ReserveAsync("a", "r1", 5, 10);
        await store.ReserveAsync("a", "r2", 5, 10);
        await store.SettleAsync("r1", 7);
        await store.ReserveAsync("b", "r3", 5, 10);
        await store.ForfeitAsync("r3");
    }

    private void Edit(string edit)
    {
        using var other = Connect();
        Execute(other, "PRAGMA foreign_keys = OFF");
        Execute(other, edit);
    }

    private async Task<SqliteBudgetStore> OpenAsync(Func<SqliteStoreOptions, SqliteStoreOptions>? change = null)
    {
        var options = new SqliteStoreOptions { Path = _folder.File() };
        return await SqliteBudgetStore.OpenAsync(change?.Invoke(options) ?? options);
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_folder.File()};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static string? Query(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar()?.ToString();
    }
}
