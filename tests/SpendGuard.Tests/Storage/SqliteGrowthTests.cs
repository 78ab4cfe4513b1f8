using System.Reflection;
using Microsoft.Data.Sqlite;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using SpendGuard.Storage.Sqlite;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;
using SQLitePCL;

namespace SpendGuard.Tests.Storage;

/// <summary>What a file costs as it grows: in steps of SQLite, in pages and in bytes, so that the machine's speed does not matter.</summary>
public sealed class SqliteGrowthTests : IDisposable
{
    private static readonly string[] NotPlanned = [SqliteSql.Begin, SqliteSql.BeginImmediate, SqliteSql.Commit, SqliteSql.Rollback, SqliteSql.Checkpoint];

    private readonly TempFolder _folder = new();

    /// <summary>What there are only a few of.</summary>
    private static readonly string[] Few =
        ["SCAN reservations USING INDEX reservations_in_flight", "SCAN r USING INDEX reservations_in_flight", "SCAN flying", "SCAN k VIRTUAL TABLE INDEX 1:", "SCAN s", "SCAN alert_sinks", "SCAN nodes USING INDEX nodes_paused"];

    public static IEnumerable<object[]> Statements =>
        from type in (Type[])[typeof(SqliteSql), typeof(SqliteTreeSql), typeof(SqliteApprovalSql), typeof(SqliteAlertSql)]
        from sql in type.GetFields(BindingFlags.Public | BindingFlags.Static)
        where !NotPlanned.Contains(sql.GetRawConstantValue())
        select new object[] { type.Name, sql.Name };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task Statement_OfTheStore_ScansNothingButWhatIsInFlight(string type, string name)
    {
        await using var store = await OpenAsync();
        using var other = Connect();
        var sql = (string)typeof(SqliteSql).Assembly.GetType($"{typeof(SqliteSql).Namespace}.{type}")!.GetField(name)!.GetRawConstantValue()!;

        var scans = Column(other, "EXPLAIN QUERY PLAN " + sql, 3).Where(step => step.StartsWith("SCAN ", StringComparison.Ordinal))
            .Except(Few, StringComparer.Ordinal).ToList();

        // Inserts scan their own constant row, and a question without a table one as well.
        Assert.DoesNotContain(scans, scan => !scan.Contains("CONSTANT ROW", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Opening_CostsWhatIsInFlight_NotWhatTheFileHasEverHeld()
    {
        await using var store = await OpenAsync();
        using var other = Connect();
        await SetAsync(store, 0, 100);
        var few = Steps(other, SqliteSql.FindUnbalanced);

        await SetAsync(store, 100, 1000);
        Assert.Equal(few, Steps(other, SqliteSql.FindUnbalanced));

        await ReserveAsync(store, 0, 50);
        var some = Steps(other, SqliteSql.FindUnbalanced);
        await ReserveAsync(store, 50, 500);
        Assert.InRange(Steps(other, SqliteSql.FindUnbalanced), some, 12 * some);
    }

    [Fact]
    public async Task PageOfAgents_CostsItsLength_AlsoWhenAllAreEquallyOld()
    {
        await using var store = await OpenAsync();
        using var other = Connect();
        await SetAsync(store, 0, 2000);
        var moment = long.Parse(Column(other, "SELECT created_at FROM nodes LIMIT 1", 0).Single(), System.Globalization.CultureInfo.InvariantCulture);

        var first = Steps(other, SqliteSql.ListAgentsOfAMoment, moment, 0, 10);
        var late = Steps(other, SqliteSql.ListAgentsOfAMoment, moment, 1900, 10);

        Assert.Equal(first, late);
    }

    [Fact]
    public async Task Questions_WhileTheWriterWaitsForItsLock_AreAnswered()
    {
        await using var store = await OpenAsync(busy: TimeSpan.FromMinutes(5));
        await store.SetAsync("a", 100);
        using var other = Connect();
        Execute(other, "BEGIN IMMEDIATE");
        var waits = store.ReserveAsync("a", "r", 1, 1);

        Assert.Equal(100, (await store.BudgetAsync("a").WaitAsync(Patience)).Available.Microcents);
        Assert.Single(await store.ListAgentsAsync(after: null, 10, default).AsTask().WaitAsync(Patience));
        Assert.Single(await store.LedgerAsync().WaitAsync(Patience));
        Assert.Empty(await store.FindInFlightAsync(expiredAt: null, agent: null, 10, default).AsTask().WaitAsync(Patience));
        Assert.False(waits.IsCompleted);

        Execute(other, "ROLLBACK");
        Assert.Equal(BudgetStatus.Applied, (await waits).Status);
        Assert.Equal(1, (await store.BudgetAsync("a")).InFlight);
    }

    [Fact]
    public async Task FileThatIsBeingOpened_SaysSoAndTakesNothing()
    {
        using var opens = new ManualResetEventSlim();
        await using var store = new SqliteBudgetStore(new SqliteStoreOptions
        {
            Path = _folder.File(),
            OpeningPatience = TimeSpan.FromMilliseconds(1),
            Opened = _ => opens.Wait(),
        });

        var command = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.SetAsync("a", 100));
        var question = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.LedgerAsync());
        opens.Set();

        Assert.Contains("is being opened: it ", command.Message, StringComparison.Ordinal);
        Assert.Contains("is being opened: it ", question.Message, StringComparison.Ordinal);
        IReadOnlyList<LedgerEntry>? ledger = null;
        while (ledger is null)
        {
            try
            {
                ledger = await store.LedgerAsync();
            }
            catch (StoreUnavailableException)
            {
                await Task.Yield();
            }
        }

        Assert.Empty(ledger);
    }

    [Fact]
    public async Task Log_AfterAReaderThatStayedOpen_Shrinks()
    {
        await using var store = await OpenAsync();
        await store.SetAsync("a", 1_000_000);
        using (var reader = Connect())
        {
            Execute(reader, "BEGIN");
            _ = Column(reader, "SELECT agent FROM agent_budgets", 0);
            for (var i = 0; LogLength() < 10 << 20; i++)
            {
                await ReserveAsync(store, i * 100, (i + 1) * 100, agents: 1);
            }

            Execute(reader, "COMMIT");
        }

        // The first copies all of it into the file, the second begins it anew.
        await store.SetAsync("a", 1_000_000);
        await store.SetAsync("a", 1_000_000);

        Assert.InRange(LogLength(), 0, 8 << 20);
    }

    [Fact]
    public async Task Log_OfAKilledProcess_IsEmptyWhenItsFileIsOpen()
    {
        var copy = _folder.File("copy");
        await using (var store = await OpenAsync())
        {
            await SetAsync(store, 0, 100);
            File.Copy(_folder.File(), copy);
            File.Copy(_folder.File() + "-wal", copy + "-wal");
        }

        Assert.NotEqual(0, new FileInfo(copy + "-wal").Length);
        await using var opened = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = copy });

        Assert.Equal(0, new FileInfo(copy + "-wal").Length);
        Assert.Equal(100, (await opened.ListAgentsAsync(after: null, 1000, default)).Count);
    }

    [Fact]
    public async Task Questions_LeaveNoViewOpen()
    {
        await using var store = await OpenAsync();
        await SetAsync(store, 0, 20);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            await store.BudgetAsync($"agent {i % 20}");
            await store.ListAgentsAsync(after: null, 3, default);
            await store.ReadLedgerAsync(i % 10, agent: null, 2, default);
        }));

        using var other = Connect();

        Assert.Equal("0", Column(other, "PRAGMA wal_checkpoint(TRUNCATE)", 0).Single());
    }

    [Fact]
    public async Task Call_WritesAPageForEachTableAndIndexThatItChanges()
    {
        await using var store = await OpenAsync();
        await SetAsync(store, 0, 1000);
        await ReserveAsync(store, 0, 1000);
        using var other = Connect();
        _ = Column(other, "PRAGMA wal_checkpoint(TRUNCATE)", 0);

        const int Calls = 40;
        for (var i = 0; i < Calls; i++)
        {
            await store.ReserveAsync($"agent {i * 7}", $"more {i}", 1, 1);
            await store.SettleAsync($"more {i}", 1);
        }

        // Held: budget, reservation and its two indexes, entry and its index. Settled: the same but the reservation's id. Two more are what
        // pages that split come to on the average.
        Assert.InRange(LogLength() / (4096 + 24), Calls, Calls * (6 + 5 + 2));
    }

    private static TimeSpan Patience => TimeSpan.FromSeconds(60);

    private static async Task SetAsync(SqliteBudgetStore store, int from, int to) =>
        await Task.WhenAll(Enumerable.Range(from, to - from).Select(i => store.SetAsync($"agent {i}", 1_000_000)));

    private static async Task ReserveAsync(SqliteBudgetStore store, int from, int to, int agents = 1000)
    {
        if (agents == 1)
        {
            for (var i = from; i < to; i++)
            {
                await store.ReserveAsync("a", $"r{i}", 1, 1);
            }

            return;
        }

        await Task.WhenAll(Enumerable.Range(from, to - from).Select(i => store.ReserveAsync($"agent {i % agents}", $"r{i}", 1, 1)));
    }

    private long LogLength() => new FileInfo(_folder.File() + "-wal").Length;

    private Task<SqliteBudgetStore> OpenAsync(TimeSpan? busy = null) => SqliteBudgetStore.OpenAsync(
        new SqliteStoreOptions { Path = _folder.File(), BusyTimeout = busy ?? TimeSpan.FromSeconds(60) });

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

    private static List<string> Column(SqliteConnection connection, string sql, int column)
    {
        using var statement = new SqliteStatement(connection.Handle!, sql);
        var values = new List<string>();
        while (statement.Step())
        {
            values.Add(statement.Text(column) ?? "");
        }

        return values;
    }

    /// <summary>How many steps of SQLite's machine a statement takes, within ten.</summary>
    private static int Steps(SqliteConnection connection, string sql, params long[] parameters)
    {
        var steps = 0;
        using var statement = new SqliteStatement(connection.Handle!, sql);
        for (var at = 0; at < parameters.Length; at++)
        {
            statement.Bind(at + 1, parameters[at]);
        }

        raw.sqlite3_progress_handler(connection.Handle!, 10, _ => ++steps * 0, null);
        statement.Execute();
        raw.sqlite3_progress_handler(connection.Handle!, 0, null, null);
        return steps;
    }
}
