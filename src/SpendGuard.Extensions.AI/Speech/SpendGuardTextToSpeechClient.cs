using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>A text-to-speech client that lets no call through before its worst case is held in an agent's budget, and settles its cost.</summary>
/// <remarks>
/// A model is billed by the character (<c>speech_cents_per_1m_characters</c> in its rate card) or by the token (<c>max_output_tokens</c> is
/// then what a call can come to); a model with neither is refused. A character is a UTF-16 unit: there are never fewer of those.
/// It is thread-safe if the inner client is. Turn the retries of the provider's SDK off: a retry inside of the inner client is a call that
/// nothing was held for.
/// </remarks>
// The id is that of the abstractions: who has taken their risk has taken this one.
[Experimental("MEAI001")]
public sealed class SpendGuardTextToSpeechClient : DelegatingTextToSpeechClient
{
    private readonly CallGuard _guard;

    /// <summary>Decorates a client.</summary>
    /// <param name="innerClient">The provider's client.</param>
    /// <param name="agent">The agent that calls count for outside of a <see cref="SpendGuardScope"/>.</param>
    /// <param name="engine">The engine.</param>
    /// <exception cref="InvalidOperationException">The inner client is, or has within it, one of this kind.</exception>
    public SpendGuardTextToSpeechClient(ITextToSpeechClient innerClient, AgentId agent, SpendGuardEngine engine)
        : this(innerClient, () => agent.Value, engine)
    {
    }

    /// <summary>Decorates a client that several agents share.</summary>
    /// <param name="innerClient">As in the other constructor.</param>
    /// <param name="currentAgent">
    /// Names the agent that is running. Asked at the start of each call outside of a <see cref="SpendGuardScope"/>; when it gives null, the
    /// call is refused.
    /// </param>
    /// <param name="engine">The engine.</param>
    /// <exception cref="InvalidOperationException">As in the other constructor.</exception>
    public SpendGuardTextToSpeechClient(ITextToSpeechClient innerClient, Func<string?> currentAgent, SpendGuardEngine engine)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(currentAgent);
        ArgumentNullException.ThrowIfNull(engine);
        PipelineOrder.CheckOnce(innerClient.GetService<SpendGuardTextToSpeechClient>() is not null);
        var metadata = innerClient.GetService<TextToSpeechClientMetadata>();
        _guard = new CallGuard(
            engine, new CallingAgent(currentAgent), new BilledClient(metadata?.ProviderName, metadata?.ProviderUri, metadata?.DefaultModelId));
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
    /// <c>RawRepresentationFactory</c>. What they cost is not held.
    /// </summary>
    public ISet<string> AllowedFeatures => _guard.AllowedFeatures;

    /// <inheritdoc cref="SpendGuardChatClient.IsUnbilled"/>
    public Func<Exception, bool> IsUnbilled
    {
        get => _guard.IsUnbilled;
        set => _guard.IsUnbilled = value;
    }

    /// <inheritdoc cref="SpendGuardChatClient.DrainTime"/>
    public TimeSpan DrainTime
    {
        get => _guard.DrainTime;
        set => _guard.DrainTime = value;
    }

    /// <inheritdoc/>
    /// <exception cref="SpendGuardException">The call was refused; nothing was sent.</exception>
    public override async Task<TextToSpeechResponse> GetAudioAsync(
        string text, TextToSpeechOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        var call = Describe(text, options);
        return await _guard.CallAsync(
            call,
            _ => base.GetAudioAsync(text, options, cancellationToken),
            response => SpokenText.Read(response.Usage, call),
            response => response.AdditionalProperties ??= [],
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Nothing is held before the stream is enumerated. After the provider's updates comes one more, without content, that says what the
    /// call cost.
    /// </remarks>
    /// <exception cref="SpendGuardException">The call was refused; nothing was sent.</exception>
    public override async IAsyncEnumerable<TextToSpeechResponseUpdate> GetStreamingAudioAsync(
        string text, TextToSpeechOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        var call = Describe(text, options);
        await using var reserved = await _guard.Engine.ReserveAsync(call, cancellationToken);
        await using var stream = new MeteredStream<TextToSpeechResponseUpdate>(
            token => InnerClient.GetStreamingAudioAsync(text, options, token), new SpokenText(call), reserved, _guard);
        while (await stream.MoveNextAsync(cancellationToken))
        {
            yield return stream.Last!;
        }

        var last = new TextToSpeechResponseUpdate { ResponseId = stream.Last?.ResponseId, AdditionalProperties = [] };
        SettlementProperties.Write(last.AdditionalProperties, stream.Settlement, reserved);
        yield return last;
    }

    private ModelCall Describe(string text, TextToSpeechOptions? options)
    {
        var model = _guard.OnlyModelOf(options?.ModelId);
        var features = new FeatureGate(AllowedFeatures);
        features.CheckRaw(options?.RawRepresentationFactory is not null, options?.AdditionalProperties, model);
        return _guard.Describe(
            model, SpeechCallShape.OfText(text, model, _guard.CardsOf(model), _guard.Engine.TokenCounters, features));
    }
}
