using Microsoft.Extensions.DependencyInjection;
using SpendGuard.Storage;
using SpendGuard.Storage.Sqlite;

namespace SpendGuard.Calls;

/// <summary>The options of the one engine of a collection of services, which all that register it add to.</summary>
internal sealed class EngineSetUp
{
    private readonly Func<IServiceProvider, IBudgetStore> _unless;
    private Action<IServiceCollection>? _registered;

    public EngineSetUp() => _unless = Options.Store;

    public SpendGuardOptions Options { get; } = new();

    /// <summary>Sets more, and registers the source of prices that it names.</summary>
    /// <exception cref="InvalidOperationException">Another store was chosen before, or another source of prices is registered.</exception>
    public void Add(IServiceCollection services, Action<SpendGuardOptions>? configure)
    {
        var chosen = Options.Store;
        configure?.Invoke(Options);
        if (chosen != _unless && SqliteChoice.Differ(chosen, Options.Store))
        {
            Options.Store = chosen;
            throw new InvalidOperationException(
                "AddSpendGuard was called twice with stores, and one engine has one: budgets would be looked for where they are not. Leave the store"
                + " (UseSqlite, UsePostgres, UseInMemoryStore) out of one of the calls. To put another in its place, such as in a test, change what the"
                + " one call is given, or register a SpendGuardEngine of your own after it.");
        }

        if (Options.PriceSource is not { } source || source == _registered)
        {
            return;
        }

        if (_registered is not null)
        {
            throw new InvalidOperationException(
                "AddSpendGuard was called twice with sources of changing prices, and one engine has one. Leave UseSignedPrices out of one of the calls.");
        }

        _registered = source;
        source(services);
    }
}
