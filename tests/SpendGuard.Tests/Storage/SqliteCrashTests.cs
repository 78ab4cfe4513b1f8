using Microsoft.Data.Sqlite;
using SpendGuard.Budgets;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Storage;

/// <summary>What is left when a process is killed, and when the disk was not kind to what it had written.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class SqliteCrashTests : IDisposable
{
    private static readonly int DamagedCopies = Soak.Rounds(30, 1_000);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_KeepsWhatWasAcknowledged()
    {
        for (var round = 1; round <= 2; round++)
        {
            var acknowledged = await HammerAndKillAsync(lines: 150 * round);

            await using var store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = _folder.File() });
            foreach (var line in acknowledged)
            {
                var parts = line.Split(' ');
                var reservation = await store.FindReservationAsync(new ReservationId(parts[1]), default);
                Assert.NotNull(reservation);
                Assert.True(parts[0] == "held" || reservation.End == ReservationEnd.Settled, line);
            }

            await AccountTable.AssertBalancedAsync(store, _folder.File());

            // What is in flight ends in the accounts that it was held in, wherever the agent is by then.
            await store.MoveAsync("agent 50", under: round == 1 ? "department" : "team");
            foreach (var left in await store.FindInFlightAsync(expiredAt: null, agent: null, int.MaxValue, default))
            {
                await store.ForfeitAsync(left.Id.Value);
            }

            await AccountTable.AssertBalancedAsync(store, _folder.File());
        }
    }

    [Fact]
    public async Task WalDamagedAfterAKill_LeavesAPrefixOfTheHistory()
    {
        await HammerAndKillAsync(lines: 60);
        var history = await LedgerOfCopyAsync("whole", static _ => { });
        Assert.NotNull(history);

        var prefixes = 0;
        for (var seed = 0; seed < DamagedCopies; seed++)
        {
            var ledger = await LedgerOfCopyAsync($"{seed}", wal => Damage(wal, new Random(seed)));
            if (ledger is not null)
            {
                Assert.Equal(history.Take(ledger.Count), ledger);
                prefixes += ledger.Count < history.Count ? 1 : 0;
            }
        }

        // Most damage has to be visible, else nothing was tried.
        Assert.InRange(prefixes, DamagedCopies / 2, DamagedCopies);
    }

    [Fact]
    public async Task WalDamagedWhereItWasCopiedBackAlready_InventsNoMoney()
    {
        await HammerAndKillAsync(lines: 60, inATree: false);
        using (var keepsWal = new SqliteConnection($"Data Source={_folder.File()};Pooling=False"))
        {
            keepsWal.Open();
            using var checkpoint = new SqliteCommand("PRAGMA wal_checkpoint(PASSIVE)", keepsWal);
            checkpoint.ExecuteNonQuery();

            // A damaged WAL now hides newer pages of the file behind older ones; the audit has to see when they do not belong together.
            var refused = 0;
            for (var seed = 0; seed < DamagedCopies; seed++)
            {
                refused += await LedgerOfCopyAsync($"{seed}", wal => Damage(wal, new Random(seed))) is null ? 1 : 0;
            }

            Assert.NotEqual(0, refused);
        }
    }

    // Few enough lines for a WAL that has never been started over: all of it counts.
    private async Task<IReadOnlyList<string>> HammerAndKillAsync(int lines, bool inATree = true)
    {
        await using (var store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = _folder.File() }))
        {
            for (var i = 0; i < 100; i++)
            {
                await store.SetAsync($"agent {i}", 1_000_000);
            }

            if (inATree)
            {
                await LimitedTree.MakeAsync(store, StoreSteps.Amount(10_000_000), ["agent 50", "agent 51"]);
            }
        }

        using var child = StressChild.Hammer(_folder.File(), "agent 50", 1_000_000);
        var acknowledged = new List<string>();
        while (acknowledged.Count < lines && await child.StandardOutput.ReadLineAsync() is { } line)
        {
            acknowledged.Add(line);
        }

        child.Kill();
        await child.WaitForExitAsync();
        Assert.Equal(lines, acknowledged.Count);
        return acknowledged;
    }

    /// <summary>Opens a copy whose WAL was damaged; null when it was refused with a typed exception. Its books have to balance.</summary>
    private async Task<IReadOnlyList<LedgerEntry>?> LedgerOfCopyAsync(string name, Action<string> damage)
    {
        var copy = _folder.File($"copy {name}");
        File.Copy(_folder.File(), copy, overwrite: true);
        File.Copy(_folder.File() + "-wal", copy + "-wal", overwrite: true);
        damage(copy + "-wal");
        try
        {
            await using var store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = copy });
            await AccountTable.AssertBalancedAsync(store, copy);
            return await store.LedgerAsync();
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private static void Damage(string wal, Random random)
    {
        var bytes = File.ReadAllBytes(wal);
        if (random.Next(2) == 0)
        {
            bytes = bytes[..random.Next(bytes.Length)];
        }
        else
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        File.WriteAllBytes(wal, bytes);
    }
}
