using System.Diagnostics.CodeAnalysis;
using SpendGuard.Extensions.AI;
using SpendGuard.SemanticKernel.Functions;

namespace SpendGuard.SemanticKernel;

/// <summary>How the budget of a kernel is set up.</summary>
public sealed class SpendGuardKernelOptions
{
    /// <summary>
    /// Model services that run without a guard, and so without a budget, by the type that they are registered or implemented as. For
    /// what nobody bills for, such as a model on this machine.
    /// </summary>
    public ISet<Type> AllowedServices { get; } = new HashSet<Type>();

    internal ToolBudgets ToolBudgets { get; } = new();

    internal bool OffersBudget { get; private set; }

    internal Action<GuardSettings>? ChatClient { get; private set; }

    internal Action<GuardSettings>? EmbeddingGenerator { get; private set; }

    internal Action<GuardSettings>? ImageGenerator { get; private set; }

    [Experimental("MEAI001")]
    internal Action<SpeechToTextSettings>? SpeechToTextClient { get; private set; }

    internal Action<GuardSettings>? TextToSpeechClient { get; private set; }

    /// <summary>
    /// Sets up how the calls of each chat client and chat completion service are guarded, such as who bills for it, by which price, and which
    /// features are let through.
    /// </summary>
    /// <param name="configure">Sets it up, for each service anew. What was set up before comes first.</param>
    /// <returns>The options.</returns>
    public SpendGuardKernelOptions ConfigureChatClient(Action<GuardSettings> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        ChatClient += configure;
        return this;
    }

    /// <summary>Sets up how the calls of each embedding generator are guarded.</summary>
    /// <inheritdoc cref="ConfigureChatClient"/>
    public SpendGuardKernelOptions ConfigureEmbeddingGenerator(Action<GuardSettings> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        EmbeddingGenerator += configure;
        return this;
    }

    /// <summary>Sets up how the calls of each image generator are guarded.</summary>
    /// <inheritdoc cref="ConfigureChatClient"/>
    [Experimental("MEAI001")]
    public SpendGuardKernelOptions ConfigureImageGenerator(Action<GuardSettings> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        ImageGenerator += configure;
        return this;
    }

    /// <summary>Sets up how the calls of each client for speech to text are guarded, such as the longest audio.</summary>
    /// <inheritdoc cref="ConfigureChatClient"/>
    [Experimental("MEAI001")]
    public SpendGuardKernelOptions ConfigureSpeechToTextClient(Action<SpeechToTextSettings> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        SpeechToTextClient += configure;
        return this;
    }

    /// <summary>Sets up how the calls of each client for text to speech are guarded.</summary>
    /// <inheritdoc cref="ConfigureChatClient"/>
    [Experimental("MEAI001")]
    public SpendGuardKernelOptions ConfigureTextToSpeechClient(Action<GuardSettings> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        TextToSpeechClient += configure;
        return this;
    }

    /// <summary>
    /// Gives the kernel a plug-in <c>spendguard</c> with a function <c>get_budget</c>, by which the model can read the budget of the agent that is
    /// running and what is left of it, as <see cref="BudgetFunction"/> tells it. It is offered to the model with the kernel's other functions.
    /// </summary>
    /// <returns>The options.</returns>
    public SpendGuardKernelOptions AddBudgetFunction()
    {
        OffersBudget = true;
        return this;
    }

    /// <summary>Gives a kernel function a price for each call, a limit of calls, or both.</summary>
    /// <param name="plugin">The plug-in; null for a function that is in none.</param>
    /// <param name="function">The function.</param>
    /// <param name="price">
    /// What a call costs beside the model calls that the function makes. It is held before the function runs, settled when it has
    /// answered, and forfeited when it fails.
    /// </param>
    /// <param name="maxCalls">How often a kernel may call it; null for any number. A new kernel, and a clone, count anew.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ArgumentException">The function has a tool budget already, or its name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The price or the limit is negative.</exception>
    public SpendGuardKernelOptions AddToolBudget(string? plugin, string function, Money price = default, int? maxCalls = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(function);
        ArgumentOutOfRangeException.ThrowIfLessThan(price, Money.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCalls ?? 0, 0, nameof(maxCalls));
        ToolBudgets.Add(plugin, function, new ToolBudget(price, maxCalls));
        return this;
    }
}
