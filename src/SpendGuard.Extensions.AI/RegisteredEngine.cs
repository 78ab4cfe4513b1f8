using Microsoft.Extensions.DependencyInjection;

namespace SpendGuard.Extensions.AI;

/// <summary>The engine of a pipeline that was given none.</summary>
internal static class RegisteredEngine
{
    /// <param name="services">The services that the pipeline was built with.</param>
    /// <exception cref="InvalidOperationException">None is registered with them.</exception>
    public static SpendGuardEngine Of(IServiceProvider services) => services.GetService<SpendGuardEngine>() ?? throw new InvalidOperationException(
        "No SpendGuard engine is registered with the services that this pipeline is built with. Call AddSpendGuard on them, and build the pipeline"
        + " with them: Build(serviceProvider). Or give UseSpendGuard an engine.");
}
