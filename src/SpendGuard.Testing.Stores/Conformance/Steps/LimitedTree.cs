using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Testing.Stores;

/// <summary>A tree of four levels with three limits each, for tests that kill what writes to it.</summary>
internal static class LimitedTree
{
    /// <summary>Puts agents under three groups, and limits on all of them.</summary>
    /// <param name="store">The store, which has the agents.</param>
    /// <param name="amount">The amount of each limit.</param>
    /// <param name="agents">The agents.</param>
    public static async Task MakeAsync(IBudgetStore store, Money amount, IEnumerable<string> agents)
    {
        await store.GroupAsync("org");
        await store.GroupAsync("department", under: "org");
        await store.GroupAsync("team", under: "department");
        foreach (var agent in agents)
        {
            await store.MoveAsync(agent, under: "team");
            await LimitAsync(store, agent, amount);
        }

        foreach (var group in (string[])["org", "department", "team"])
        {
            await store.LimitAsync(group, Limit.Total(amount));
            await LimitAsync(store, group, amount);
        }
    }

    private static async Task LimitAsync(IBudgetStore store, string node, Money amount)
    {
        await store.LimitAsync(node, Limit.PerDay(amount, "Europe/Berlin"));
        await store.LimitAsync(node, Limit.Rolling(amount, TimeSpan.FromSeconds(1)));
    }
}
