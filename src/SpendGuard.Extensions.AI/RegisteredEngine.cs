using Microsoft.Extensions.DependencyInjection;

namespace SpendGuard.Extensions.AI;

/// <summary>The engine of a pipeline that was given none.</summary>
internal static class RegisteredEngine
{
    private const string None = "No SpendGuard engine is registered with the services that this pipeline is built with";

    /// <param name="services">The services that the pipeline was built with.</param>
    /// <exception cref="InvalidOperationException">None is registered with them.</exception>
    public static SpendGuardEngine Of(IServiceProvider services) => services.GetService<SpendGuardEngine>() ?? throw new InvalidOperationException(
        IsContainer(services)
            ? $"{None}. Call AddSpendGuard on them, before they are built: services.AddSpendGuard(o => o.UseSqlite(\"spendguard.db\")). Or give UseSpendGuard an engine."
            : $"{None}: it is built without any, by Build(). Build it with those that AddSpendGuard was called on: Build(serviceProvider). Or give UseSpendGuard an engine.");

    /// <summary>What a pipeline is built with that is given no services is none: every container knows itself.</summary>
    private static bool IsContainer(IServiceProvider services) => services.GetService(typeof(IServiceScopeFactory)) is not null;
}
