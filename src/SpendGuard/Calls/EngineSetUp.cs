using Microsoft.Extensions.DependencyInjection;

namespace SpendGuard.Calls;

/// <summary>The options of the one engine of a collection of services, which all that register it add to.</summary>
internal sealed class EngineSetUp
{
    private Action<IServiceCollection>? _registered;

    public SpendGuardOptions Options { get; } = new();

    /// <summary>Sets more, and registers the source of prices that it names.</summary>
    /// <exception cref="InvalidOperationException">Another source of prices is registered.</exception>
    public void Add(IServiceCollection services, Action<SpendGuardOptions>? configure)
    {
        configure?.Invoke(Options);
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
