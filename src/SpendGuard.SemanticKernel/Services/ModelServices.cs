#pragma warning disable MEAI001 // Experimental services bill as well as the others.

using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel.Services;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>Tells model services from others.</summary>
internal static class ModelServices
{
    /// <summary>What the abstractions have for services that a provider bills for; Semantic Kernel's own all are AI services.</summary>
    private static readonly Type[] Kinds =
    [
        typeof(IAIService),
        typeof(IChatClient),
        typeof(IEmbeddingGenerator),
        typeof(IImageGenerator),
        typeof(ISpeechToTextClient),
        typeof(ITextToSpeechClient),
        typeof(IRealtimeClient),
    ];

    /// <summary>Whether a service of this type is, or may be, a model's.</summary>
    public static bool Is(Type service) => Kinds.Any(kind => kind.IsAssignableFrom(service)) || IsOpenGenerator(service);

    /// <summary>A registration as a person would look for it: service type, key, implementation.</summary>
    public static string Name(ServiceDescriptor descriptor)
    {
        var implementation = Implementation(descriptor);
        return Name(descriptor.ServiceType)
            + (descriptor.ServiceKey is { } key ? $" '{key}'" : "")
            + (implementation is null || implementation == descriptor.ServiceType ? "" : $" ({Name(implementation)})");
    }

    /// <summary>A type as it is written in code.</summary>
    public static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;

    /// <summary>The type that a registration says it is implemented by; null when only a factory knows.</summary>
    public static Type? Implementation(ServiceDescriptor descriptor) => descriptor.IsKeyedService
        ? descriptor.KeyedImplementationType ?? descriptor.KeyedImplementationInstance?.GetType()
        : descriptor.ImplementationType ?? descriptor.ImplementationInstance?.GetType();

    private static bool IsOpenGenerator(Type service) =>
        service.IsGenericTypeDefinition && service.GetInterfaces().Append(service).Any(type => type.Name == typeof(IEmbeddingGenerator<,>).Name);
}
