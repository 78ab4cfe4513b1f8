using SpendGuard.Storage;

namespace SpendGuard;

/// <summary>Chooses where budgets are kept.</summary>
public static class StoreOptionsExtensions
{
    /// <summary>Keeps budgets in memory: they are gone with the process. For tests.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The options.</returns>
    public static SpendGuardOptions UseInMemoryStore(this SpendGuardOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Store = static _ => new InMemoryBudgetStore();
        return options;
    }
}
