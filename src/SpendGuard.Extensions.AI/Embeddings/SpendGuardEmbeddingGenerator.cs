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
/// Each attempt that the inner generator makes by .NET's HTTP handler has a hold; of one that sends otherwise, turn the retries off.
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
    /// <param name="settings">How calls are guarded; as it is unless set when null.</param>
    /// <exception cref="InvalidOperationException">The inner generator is, or has within it, one that this one has to be below of.</exception>
    public SpendGuardEmbeddingGenerator(
        IEmbeddingGenerator<TInput, TEmbedding> innerGenerator, AgentId agent, SpendGuardEngine engine, GuardSettings? settings = null)
        : this(innerGenerator, () => agent.Value, engine, settings)
    {
    }

    /// <summary>Decorates a generator that several agents share.</summary>
    /// <param name="innerGenerator">As in the other constructor.</param>
    /// <param name="currentAgent">
    /// Names the agent that is running, such as <c>() => AIAgent.CurrentRunContext?.Agent.Name</c>. Asked at the start of each call outside of a
    /// <see cref="SpendGuardScope"/>; when it gives null, the call is refused.
    /// </param>
    /// <param name="engine">The engine.</param>
    /// <param name="settings">As in the other constructor.</param>
    /// <exception cref="InvalidOperationException">As in the other constructor.</exception>
    public SpendGuardEmbeddingGenerator(
        IEmbeddingGenerator<TInput, TEmbedding> innerGenerator, Func<string?> currentAgent, SpendGuardEngine engine, GuardSettings? settings = null)
        : base(innerGenerator)
    {
        settings ??= new GuardSettings();
        var below = ClientsBelow.Of(innerGenerator);
        var metadata = innerGenerator.GetService<EmbeddingGeneratorMetadata>();
        var client = new BilledClient(metadata?.ProviderName, metadata?.ProviderUri, metadata?.DefaultModelId, below)
        {
            Below = PipelineOrder.Check(innerGenerator, below, settings.AllowedFeatures),
        };
        _guard = new CallGuard(engine, currentAgent, settings, client);
    }

    /// <inheritdoc/>
    /// <exception cref="SpendGuardException">The call was refused; nothing was sent.</exception>
    public override async Task<GeneratedEmbeddings<TEmbedding>> GenerateAsync(
        IEnumerable<TInput> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        return await _guard.CallAsync(
            () => Describe(values, options),
            (request, _, upstream) => base.GenerateAsync(request.Inputs, CopiedOptions.Sent(request.Options, _guard.RawOptions), upstream),
            (embeddings, _) => EmbeddingUsage.Read(embeddings.Usage) with { Model = embeddings is [var first, ..] ? first.ModelId : null },
            embeddings => embeddings.AdditionalProperties ??= [],
            cancellationToken);
    }

    private PrivateCall<(IReadOnlyList<TInput> Inputs, EmbeddingGenerationOptions? Options)> Describe(
        IEnumerable<TInput> values, EmbeddingGenerationOptions? options)
    {
        var contents = new ContentCopy(_guard.Terms.SendsWhatItDoesNotKnow);
        List<TInput> inputs = [.. values.Select(value => value is AIContent content && contents.Of(content) is TInput copy ? copy : value)];
        var copied = CopiedOptions.Of(options);
        var model = _guard.Terms.ModelOf(copied?.ModelId);
        _ = _guard.Terms.CardsOf(model);
        var features = _guard.Terms.Features(copied?.RawRepresentationFactory is not null, copied?.AdditionalProperties);
        return new((inputs, copied), model, EmbeddingCallShape.Of(inputs.Cast<object?>(), model, _guard.Terms.Counters, features));
    }
}
