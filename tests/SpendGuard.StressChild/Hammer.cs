using SpendGuard.Budgets;

namespace SpendGuard.StressChild;

/// <summary>Reserves and settles on the store itself, one call after the other.</summary>
internal static class Hammer
{
    public static async Task<int> RunAsync(string where, string agent, int calls)
    {
        await using var store = await SharedStore.OpenAsync(where);
        var settled = 0;
        for (var call = 0; call < calls; call++)
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
    }
}
