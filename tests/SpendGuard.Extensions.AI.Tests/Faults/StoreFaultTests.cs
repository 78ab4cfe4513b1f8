using Microsoft.Data.Sqlite;
using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Extensions.AI.Tests.Faults;

/// <summary>When the file cannot be written, the call is refused and the provider sees nothing.</summary>
public sealed class StoreFaultTests : IDisposable
{
    private readonly BudgetFile _file = new();

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData("lock", false)]
    [InlineData("lock", true)]
    [InlineData("disk is full", false)]
    [InlineData("disk is full", true)]
    [InlineData("cannot be written to", false)]
    [InlineData("cannot be written to", true)]
    public async Task StoreCannotCommit_NothingIsSent_AndItWorksAgainAfter(string fault, bool stream)
    {
        var own = default(SqliteConnection);
        var store = await _file.OpenAsync(busyTimeout: TimeSpan.FromMilliseconds(20), opened => own = opened);
        await using var guarded = await Guarded.StartOnAsync(store);
        await guarded.SetBudgetAsync(Money.FromDollars(1));
        using var other = _file.Connect();
        var (connection, begin, end) = fault switch
        {
            "lock" => (other, "BEGIN EXCLUSIVE", "ROLLBACK"),
            "disk is full" => (own!, "PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000"),
            _ => (own!, "PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
        };

        BudgetFile.Execute(connection, begin);
        if (fault is "disk is full")
        {
            // The file's last pages have room for a few entries more; these are not the calls that are tried here.
            await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            {
                for (var i = 0; i < 10_000; i++)
                {
                    await guarded.SetBudgetAsync(Money.FromDollars(1), $"filler {i}");
                }
            });
        }

        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => guarded.Chat().AskAsync("hello world", stream));
        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(guarded.Provider.Calls);

        BudgetFile.Execute(connection, end);
        Assert.Equal(0, (await guarded.BudgetAsync()).InFlight);
        await guarded.Chat().AskAsync("hello world", stream);
        Assert.Single(guarded.Provider.Calls);

        // The hold that was not made is asked for once more, to be given back for good.
        await guarded.Store.UntilAsync(entries => entries.Any(entry => entry.Kind == LedgerEntryKind.Released));
        await guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FileIsDamaged_NothingIsSent_AlsoWhenItIsOpenedAnew(bool stream)
    {
        var own = default(SqliteConnection);
        await using var guarded = await Guarded.StartOnAsync(await _file.OpenAsync(busyTimeout: null, opened => own = opened));
        await guarded.SetBudgetAsync(Money.FromDollars(1));
        BudgetFile.Execute(own!, "UPDATE agent_budgets SET in_flight = 99999999999");

        for (var attempt = 0; attempt < 3; attempt++)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => guarded.Chat().AskAsync("hello world", stream));
        }

        Assert.Empty(guarded.Provider.Calls);
        await using var again = await Guarded.StartOnAsync(await _file.OpenAsync());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => again.Chat().AskAsync("hello world", stream));
        Assert.Empty(again.Provider.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FolderIsMissing_NothingIsSent(bool stream)
    {
        var nowhere = new SqliteBudgetStore(new SqliteStoreOptions { Path = Path.Combine(_file.Path, "missing", "budget.db") });
        await using var guarded = await Guarded.StartOnAsync(nowhere);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => guarded.Chat().AskAsync("hello world", stream));

        Assert.Empty(guarded.Provider.Calls);
    }
}
