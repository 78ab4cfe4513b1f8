using Microsoft.Extensions.AI;
using SpendGuard.Billing;

namespace SpendGuard.Extensions.AI;

/// <summary>An embedding generator that lets no call through before its worst case is held in an agent's budget, and settles its cost.</summary>
/// <typeparam name="TInput">What is embedded: text, or contents of text and images.</typeparam>
/// <typeparam name="TEmbedding">The embedding.</typeparam>
/// <remarks>
/// <para>
/// It has to be the innermost of the pipeline, so that it meters no embedding that comes from a cache. It is thread-safe if the inner
/// generator is.
/// </para>
/// <para>
/// Turn the retries of the provider's SDK off: a retry inside of the inner generator is a call that nothing was held for.
/// <see cref="IEmbeddingGenerator.GetService"/> still answers with the inner generators; calls made through them are not metered.
/// </para>
/// </remarks>
public sealed class SpendGuardEmbeddingGenerator<TInput, TEmbedding> : DelegatingEmbeddingGenerator<TInput, TEmbedding>
    where TEmbedding : Embedding
{
    private readonly CallGuard _guard;

    /// <summary>Decorates a generator.</summary>
    /// <param name="innerGenerator">The provider's generator, or a decorator that does not cache.</param>
    /// <param name="agent">The agent that calls count for outside of a <see cref="SpendGuardScope"/>.</param>
    /// <param name="engine">The engine.</param>
    /// <exception cref="InvalidOperationException">The inner generator is, or has within it, one that this one has to be below of.</exception>
    public SpendGuardEmbeddingGenerator(IEmbeddingGenerator<TInput, TEmbedding> innerGenerator, AgentId agent, SpendGuardEngine engine)
        : this(innerGenerator, () => agent.Value, engine)
    {
    }

    /// <summary>Decorates a generator that several agents share.</summary>
    /// <param name="innerGenerator">As in the other constructor.</param>
    /// <param name="currentAgent">
    /// Names the agent that is running, such as <c>() => AIAgent.CurrentRunContext?.Agent.Name</c>. Asked at the start of each call outside
    /// of a <see cref="SpendGuardScope"/>; when it gives null, the call is refused.
    /// </param>
    /// <param name="engine">The engine.</param>
    /// <exception cref="InvalidOperationException">As in the other constructor.</exception>
    public SpendGuardEmbeddingGenerator(IEmbeddingGenerator<TInput, TEmbedding> innerGenerator, Func<string?> currentAgent, SpendGuardEngine engine)
        : base(innerGenerator)
    {
        ArgumentNullException.ThrowIfNull(currentAgent);
        ArgumentNullException.ThrowIfNull(engine);
        PipelineOrder.Check(innerGenerator);
        var metadata = innerGenerator.GetService<EmbeddingGeneratorMetadata>();
        _guard = new CallGuard(engine, new CallingAgent(currentAgent), new BilledClient(metadata?.ProviderName, metadata?.ProviderUri, metadata?.DefaultModelId));
    }

    /// <inheritdoc cref="SpendGuardChatClient.Provider"/>
    public string? Provider
    {
        get => _guard.Provider;
        set => _guard.Provider = value;
    }

    /// <inheritdoc cref="SpendGuardChatClient.Model"/>
    public string? Model
    {
        get => _guard.Model;
        set => _guard.Model = value;
    }

    /// <summary>
    /// The features without a bound that are let through all the same, by the name that the refusal gives, such as
    /// <c>RawRepresentationFactory</c>. What they cost beyond the inputs is not held.
    /// </summary>
    public ISet<string> AllowedFeatures => _guard.AllowedFeatures;

    /// <inheritdoc cref="SpendGuardChatClient.IsUnbilled"/>
    public Func<Exception, bool> IsUnbilled
    {
        get => _guard.IsUnbilled;
        set => _guard.IsUnbilled = value;
    }

    /// <inheritdoc/>
    /// <exception cref="SpendGuardException">The call was refused; nothing was sent.</exception>
    public override async Task<GeneratedEmbeddings<TEmbedding>> GenerateAsync(
        IEnumerable<TInput> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        IReadOnlyList<TInput> inputs = [.. values];
        var model = _guard.ModelOf(options?.ModelId);
        var features = new FeatureGate(AllowedFeatures);
        features.CheckRaw(options?.RawRepresentationFactory is not null, options?.AdditionalProperties, model);
        var call = _guard.Describe(model, EmbeddingCallShape.Of(inputs.Cast<object?>(), model, _guard.Engine.TokenCounters, features));
        return await _guard.CallAsync(
            call,
            _ => base.GenerateAsync(inputs, options, cancellationToken),
            embeddings => new ProviderReport
            {
                Usage = OverlappingCounts.OfInput(embeddings.Usage?.InputTokenCount, embeddings.Usage?.TotalTokenCount),
                Model = embeddings is [var first, ..] ? first.ModelId : null,
            },
            embeddings => embeddings.AdditionalProperties ??= [],
            cancellationToken);
    }
}
