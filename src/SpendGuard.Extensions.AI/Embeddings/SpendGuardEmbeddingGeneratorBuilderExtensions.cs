using SpendGuard;
using SpendGuard.Extensions.AI;

namespace Microsoft.Extensions.AI;

/// <summary>Puts embedding pipelines under a budget.</summary>
public static class SpendGuardEmbeddingGeneratorBuilderExtensions
{
    /// <summary>Puts every embedding call under an agent's budget. Call it last: it has to be the innermost of the pipeline.</summary>
    /// <typeparam name="TInput">What is embedded.</typeparam>
    /// <typeparam name="TEmbedding">The embedding.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="agent">The agent that calls count for outside of a <see cref="SpendGuardScope"/>.</param>
    /// <param name="engine">The engine; the registered one when null.</param>
    /// <param name="configure">Sets up how calls are guarded.</param>
    /// <returns>The builder.</returns>
    /// <remarks>Building the pipeline throws <see cref="InvalidOperationException"/> when caching is below.</remarks>
    public static EmbeddingGeneratorBuilder<TInput, TEmbedding> UseSpendGuard<TInput, TEmbedding>(
        this EmbeddingGeneratorBuilder<TInput, TEmbedding> builder,
        AgentId agent,
        SpendGuardEngine? engine = null,
        Action<GuardSettings>? configure = null)
        where TEmbedding : Embedding
    {
        var id = agent.Value;
        return builder.UseSpendGuard(() => id, engine, configure);
    }

    /// <summary>Puts every embedding call under the budget of the agent that is running.</summary>
    /// <typeparam name="TInput">What is embedded.</typeparam>
    /// <typeparam name="TEmbedding">The embedding.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="currentAgent">
    /// Names the agent that is running. Asked at the start of each call outside of a <see cref="SpendGuardScope"/>; when it gives null, the
    /// call is refused with an <see cref="UnidentifiedAgentException"/>.
    /// </param>
    /// <param name="engine">The engine; the registered one when null.</param>
    /// <param name="configure">Sets up how calls are guarded.</param>
    /// <returns>The builder.</returns>
    /// <remarks>As for the other overload, it has to be the innermost of the pipeline.</remarks>
    public static EmbeddingGeneratorBuilder<TInput, TEmbedding> UseSpendGuard<TInput, TEmbedding>(
        this EmbeddingGeneratorBuilder<TInput, TEmbedding> builder,
        Func<string?> currentAgent,
        SpendGuardEngine? engine = null,
        Action<GuardSettings>? configure = null)
        where TEmbedding : Embedding
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(currentAgent);
        return builder.Use((innerGenerator, services) =>
        {
            var settings = new GuardSettings();
            configure?.Invoke(settings);
            return new SpendGuardEmbeddingGenerator<TInput, TEmbedding>(innerGenerator, currentAgent, engine ?? RegisteredEngine.Of(services), settings);
        });
    }
}
