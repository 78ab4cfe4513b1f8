using SpendGuard.Extensions.AI;

namespace SpendGuard.SemanticKernel;

/// <summary>How the budget of a kernel is set up.</summary>
public sealed class SpendGuardKernelOptions
{
    /// <summary>Sets up the guard of each chat client, such as who bills for it, by which price, and which features are let through.</summary>
    public Action<SpendGuardChatClient>? ConfigureChatClient { get; set; }

    /// <summary>
    /// Model services that run without a guard, and so without a budget, by the type that they are registered or implemented as. For
    /// what nobody bills for, such as a model on this machine.
    /// </summary>
    public ISet<Type> AllowedServices { get; } = new HashSet<Type>();
}
