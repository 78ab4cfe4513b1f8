#pragma warning disable SKEXP0001 // A selector that chooses chat clients is experimental; one that does is held to the same.

using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Services;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>Lets a selector of the caller's choose among guarded services only.</summary>
internal sealed class GuardedServiceSelector(IAIServiceSelector selector) : IAIServiceSelector, IChatClientSelector
{
    public bool TrySelectAIService<T>(
        Kernel kernel,
        KernelFunction function,
        KernelArguments arguments,
        [NotNullWhen(true)] out T? service,
        out PromptExecutionSettings? serviceSettings)
        where T : class, IAIService
    {
        var selected = selector.TrySelectAIService(kernel, function, arguments, out service, out serviceSettings);
        if (selected)
        {
            Check(service!, kernel.GetAllServices<T>());
        }

        return selected;
    }

    public bool TrySelectChatClient<T>(
        Kernel kernel,
        KernelFunction function,
        KernelArguments arguments,
        [NotNullWhen(true)] out T? service,
        out PromptExecutionSettings? serviceSettings)
        where T : class, IChatClient
    {
        service = null;
        serviceSettings = null;
        var selected = selector is IChatClientSelector clients
            && clients.TrySelectChatClient(kernel, function, arguments, out service, out serviceSettings);
        if (selected && !ChatPipeline.IsGuarded(service!))
        {
            Check(service!, kernel.GetAllServices<T>());
        }

        return selected;
    }

    /// <summary>What the kernel has is guarded, or allowed without; what the selector brings along is neither.</summary>
    private static void Check<T>(T service, IEnumerable<T> known)
        where T : class
    {
        if (service is not GuardedChatService && !known.Contains(service))
        {
            throw new UnguardedServiceException(
                ModelServices.Name(service.GetType()),
                "The kernel's service selector chose it, but the kernel does not have it.",
                "Register it before AddSpendGuard, and let the selector choose among the kernel's services.");
        }
    }
}
