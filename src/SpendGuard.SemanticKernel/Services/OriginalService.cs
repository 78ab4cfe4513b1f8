using Microsoft.Extensions.DependencyInjection;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>Makes what a registration describes, once the registration itself has been replaced.</summary>
/// <param name="Instance">The service.</param>
/// <param name="Owned">Whether the container is to dispose it, as it does what it makes, and not what it was given.</param>
internal sealed record OriginalService(object Instance, bool Owned)
{
    public static OriginalService Create(ServiceDescriptor descriptor, IServiceProvider services, object? key)
    {
        var (instance, made) = descriptor.IsKeyedService
            ? (descriptor.KeyedImplementationInstance, descriptor.KeyedImplementationFactory?.Invoke(services, key))
            : (descriptor.ImplementationInstance, descriptor.ImplementationFactory?.Invoke(services));
        return instance is not null
            ? new OriginalService(instance, Owned: false)
            : new OriginalService(
                made ?? ActivatorUtilities.CreateInstance(services, ModelServices.Implementation(descriptor)!), Owned: true);
    }
}
