using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>A speech-to-text client that lets no call through before its worst case is held in an agent's budget, and settles its cost.</summary>
/// <remarks>
/// A model is billed by the second (<c>audio_cents_per_second</c> in its rate card), which needs <see cref="MaxAudioDuration"/>, or by the
/// token (<c>max_input_tokens</c> and <c>max_output_tokens</c> are then what a call can come to); a model with neither is refused.
/// Of OpenAI's transcripts, the seconds can be told only in the verbose format; of others, the hold is spent.
/// It is thread-safe if the inner client is. Turn the retries of the provider's SDK off: a retry inside of the inner client is a call that
/// nothing was held for.
/// </remarks>
// The id is that of the abstractions: who has taken their risk has taken this one.
[Experimental("MEAI001")]
public sealed class SpendGuardSpeechToTextClient : DelegatingSpeechToTextClient
{
    private readonly CallGuard _guard;

    /// <summary>Decorates a client.</summary>
    /// <param name="innerClient">The provider's client.</param>
    /// <param name="agent">The agent that calls count for outside of a <see cref="SpendGuardScope"/>.</param>
    /// <param name="engine">The engine.</param>
    /// <exception cref="InvalidOperationException">The inner client is, or has within it, one of this kind.</exception>
    public SpendGuardSpeechToTextClient(ISpeechToTextClient innerClient, AgentId agent, SpendGuardEngine engine)
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
    public SpendGuardSpeechToTextClient(ISpeechToTextClient innerClient, Func<string?> currentAgent, SpendGuardEngine engine)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(currentAgent);
        ArgumentNullException.ThrowIfNull(engine);
        PipelineOrder.CheckOnce(innerClient.GetService<SpendGuardSpeechToTextClient>() is not null);
        var metadata = innerClient.GetService<SpeechToTextClientMetadata>();
        _guard = new CallGuard(
            engine, new CallingAgent(currentAgent), new BilledClient(metadata?.ProviderName, metadata?.ProviderUri, metadata?.DefaultModelId));
    }

    /// <summary>
    /// The longest audio that the calls are given. It is not checked, for the length of audio cannot be told from its size: what is longer
    /// is paid in full, and can overdraw the budget. While it is null, models that are billed by the second are refused.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero, negative or infinite: nothing would be held for such a call.</exception>
    public TimeSpan? MaxAudioDuration
    {
        get;
        set => field = value is null || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The longest audio lasts for some time. Leave it null where no length is known.");
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
    public override async Task<SpeechToTextResponse> GetTextAsync(
        Stream audioSpeechStream, SpeechToTextOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audioSpeechStream);
        var call = Describe(options);
        return await _guard.CallAsync(
            call,
            _ => base.GetTextAsync(audioSpeechStream, options, cancellationToken),
            response => TranscribedAudio.Read(response.Usage, response.RawRepresentation, call),
            response => response.AdditionalProperties ??= [],
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Nothing is held before the stream is enumerated. After the provider's updates comes one more, without content, that says what the
    /// call cost.
    /// </remarks>
    /// <exception cref="SpendGuardException">The call was refused; nothing was sent.</exception>
    public override async IAsyncEnumerable<SpeechToTextResponseUpdate> GetStreamingTextAsync(
        Stream audioSpeechStream, SpeechToTextOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audioSpeechStream);
        var call = Describe(options);
        await using var reserved = await _guard.Engine.ReserveAsync(call, cancellationToken);
        await using var stream = new MeteredStream<SpeechToTextResponseUpdate>(
            token => InnerClient.GetStreamingTextAsync(audioSpeechStream, options, token), new TranscribedAudio(call), reserved, _guard);
        while (await stream.MoveNextAsync(cancellationToken))
        {
            yield return stream.Last!;
        }

        var last = new SpeechToTextResponseUpdate { ResponseId = stream.Last?.ResponseId, AdditionalProperties = [] };
        SettlementProperties.Write(last.AdditionalProperties, stream.Settlement, reserved);
        yield return last;
    }

    private ModelCall Describe(SpeechToTextOptions? options)
    {
        var model = _guard.OnlyModelOf(options?.ModelId);
        var features = new FeatureGate(AllowedFeatures);
        features.CheckRaw(options?.RawRepresentationFactory is not null, options?.AdditionalProperties, model);
        return _guard.Describe(model, SpeechCallShape.OfAudio(MaxAudioDuration, model, _guard.CardsOf(model), features));
    }
}
