using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.TextGeneration;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>Replaces the registration of a model service by one that makes it guarded, or refuses to make it.</summary>
internal sealed class ServiceGuard(AgentId agent, SpendGuardEngine? engine, SpendGuardKernelOptions options)
{
    /// <summary>Whether a registration may run without a guard.</summary>
    public bool Allows(ServiceDescriptor descriptor) =>
        IsAllowed(descriptor.ServiceType) || (ModelServices.Implementation(descriptor) is { } type && IsAllowed(type));

    /// <summary>The registration that stands in the place of another.</summary>
    /// <exception cref="UnguardedServiceException">It is an open generic one, whose services cannot be told beforehand.</exception>
    public ServiceDescriptor Replace(ServiceDescriptor original)
    {
        if (original.ServiceType.IsGenericTypeDefinition)
        {
            throw new UnguardedServiceException(
                ModelServices.Name(original), "It is registered for any type.", "Register it for the types that are used.");
        }

        return original.IsKeyedService
            ? new ServiceDescriptor(
                original.ServiceType, original.ServiceKey, (services, key) => Make(original, services, key), original.Lifetime)
            : new ServiceDescriptor(original.ServiceType, services => Make(original, services, key: null), original.Lifetime);
    }

    private object Make(ServiceDescriptor descriptor, IServiceProvider services, object? key)
    {
        var name = ModelServices.Name(descriptor);
        if (!IsGuarded(descriptor.ServiceType))
        {
            throw Refusals.NoGuard(name, descriptor.ServiceType);
        }

        var original = OriginalService.Create(descriptor, services, key);
        if (IsAllowed(original.Instance.GetType()))
        {
            return original.Instance;
        }

        if (original.Instance is IAIServiceSelector selector)
        {
            return new GuardedServiceSelector(selector);
        }

        var meter = engine ?? KernelEngine.Of(services);
        var chat = new ChatClientGuard(agent, meter, options, services, name);
        return original.Instance switch
        {
            _ when EmbeddingGuard.Guards(descriptor.ServiceType) =>
                new EmbeddingGuard(agent, meter, options.EmbeddingGenerator, name).Guard(descriptor.ServiceType, original.Instance, original.Owned),
            _ when MediaGuard.Guards(descriptor.ServiceType) =>
                new MediaGuard(agent, meter, options, name).Guard(descriptor.ServiceType, original.Instance, original.Owned),
            IChatClient client when descriptor.ServiceType == typeof(IChatClient) => chat.Guard(client, original.Owned),
            _ => new ChatCompletionGuard(chat, name).Guard(original.Instance, original.Owned),
        };
    }

    private static bool IsGuarded(Type service) =>
        service == typeof(IChatClient)
        || service == typeof(IChatCompletionService)
        || service == typeof(ITextGenerationService)
        || service == typeof(IAIServiceSelector)
        || EmbeddingGuard.Guards(service)
        || MediaGuard.Guards(service);

    private bool IsAllowed(Type type) => options.AllowedServices.Contains(type);
}
