using SpendGuard;
using SpendGuard.Budgets;
using SpendGuard.Storage;

// A process of its own for tests that need several, or one to kill:
//   hammer <file> <agent> <calls>   reserves and settles; prints "held <id>" and "settled <id>" after each commit, "done <count>" at the end
if (args is not ["hammer", var file, var agent, var calls])
{
    await Console.Error.WriteLineAsync("usage: hammer <file> <agent> <calls>");
    return 2;
}

await using var store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = file, BusyTimeout = TimeSpan.FromSeconds(60) });
var settled = 0;
for (var call = 0; call < int.Parse(calls); call++)
{
    var id = ReservationId.New();
    var now = DateTimeOffset.UtcNow;
    var held = await store.ApplyAsync(
        new Reserve(id, agent, Run: null, "test:model", Money.FromMicrocents(3), Money.FromMicrocents(5), now.AddMinutes(5), now), default);
    if (!held.Succeeded)
    {
        continue;
    }

    Console.WriteLine($"held {id}");
    await store.ApplyAsync(new Settle(id, Money.FromMicrocents(3), now), default);
    Console.WriteLine($"settled {id}");
    settled++;
}

Console.WriteLine($"done {settled}");
return 0;
