using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>The model services of a collection that are under a guard, and the search for those that are not.</summary>
internal sealed class GuardedServices
{
    private readonly IServiceCollection _services;
    private readonly ServiceGuard _guard;
    private readonly HashSet<ServiceDescriptor> _known = new(ReferenceEqualityComparer.Instance);

    private GuardedServices(IServiceCollection services, ServiceGuard guard)
    {
        _services = services;
        _guard = guard;
    }

    /// <summary>Puts a guarded registration in the place of each model service.</summary>
    /// <exception cref="InvalidOperationException">The services are guarded already.</exception>
    /// <exception cref="UnguardedServiceException">A registration cannot be guarded.</exception>
    public static GuardedServices Guard(IServiceCollection services, ServiceGuard guard)
    {
        if (services.Any(descriptor => descriptor.ServiceType == typeof(GuardedServices)))
        {
            throw new InvalidOperationException(
                "AddSpendGuard was called twice on one kernel, and each call would be charged twice. To let calls count for another "
                + "agent, open a SpendGuardScope around them.");
        }

        var guarded = new GuardedServices(services, guard);
        for (var i = 0; i < services.Count; i++)
        {
            if (guarded.Concerns(services[i]))
            {
                services[i] = guard.Replace(services[i]);
                guarded._known.Add(services[i]);
            }
        }

        services.AddSingleton(guarded);
        return guarded;
    }

    /// <summary>Looks for model services that were registered after the guard.</summary>
    /// <exception cref="UnguardedServiceException">There is one.</exception>
    public void Verify()
    {
        if (_services.FirstOrDefault(descriptor => Concerns(descriptor) && !_known.Contains(descriptor)) is { } late)
        {
            throw new UnguardedServiceException(
                ModelServices.Name(late),
                "It was registered after AddSpendGuard.",
                "Call AddSpendGuard last, after every model service.");
        }
    }

    private bool Concerns(ServiceDescriptor descriptor) =>
        (ModelServices.Is(descriptor.ServiceType) || descriptor.ServiceType == typeof(IAIServiceSelector)) && !_guard.Allows(descriptor);
}
