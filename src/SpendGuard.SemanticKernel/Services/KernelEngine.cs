using Microsoft.Extensions.DependencyInjection;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>The engine of a kernel that was given none.</summary>
internal static class KernelEngine
{
    /// <param name="services">The kernel's services.</param>
    /// <exception cref="InvalidOperationException">None is registered with them.</exception>
    public static SpendGuardEngine Of(IServiceProvider services) => services.GetService<SpendGuardEngine>() ?? throw new InvalidOperationException(
        "No SpendGuard engine is registered with the kernel's services. Call Services.AddSpendGuard on its builder too, or give AddSpendGuard an engine.");
}
