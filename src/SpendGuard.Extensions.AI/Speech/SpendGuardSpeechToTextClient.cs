using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>A speech-to-text client that lets no call through before its worst case is held in an agent's budget, and settles its cost.</summary>
/// <remarks>
/// A model is billed by the second (<c>audio_cents_per_second</c> in its rate card), which needs <see cref="SpeechToTextSettings.MaxAudioDuration"/>, or by the
/// token (<c>max_input_tokens</c> and <c>max_output_tokens</c> are then what a call can come to); a model with neither is refused.
/// Where the adapter does not hand on how many seconds are billed, as of a transcript in any but the verbose format, the hold is spent.
/// It is thread-safe if the inner client is. Each attempt that it makes by .NET's HTTP handler has a
/// hold; of one that sends otherwise, turn the retries off.
/// </remarks>
// The id is that of the abstractions: who has taken their risk has taken this one.
[Experimental("MEAI001")]
public sealed class SpendGuardSpeechToTextClient : DelegatingSpeechToTextClient
{
    private readonly CallGuard _guard;
    private readonly SpeechToTextSettings _settings;

    /// <summary>Decorates a client.</summary>
    /// <param name="innerClient">The provider's client.</param>
    /// <param name="agent">The agent that calls count for outside of a <see cref="SpendGuardScope"/>.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="settings">How calls are guarded; as it is unless set when null.</param>
    /// <exception cref="InvalidOperationException">The inner client is, or has within it, one of this kind.</exception>
    public SpendGuardSpeechToTextClient(ISpeechToTextClient innerClient, AgentId agent, SpendGuardEngine engine, SpeechToTextSettings? settings = null)
        : this(innerClient, () => agent.Value, engine, settings)
    {
    }

    /// <summary>Decorates a client that several agents share.</summary>
    /// <param name="innerClient">As in the other constructor.</param>
    /// <param name="currentAgent">
    /// Names the agent that is running. Asked at the start of each call outside of a <see cref="SpendGuardScope"/>; when it gives null, the call is
    /// refused.
    /// </param>
    /// <param name="engine">The engine.</param>
    /// <param name="settings">As in the other constructor.</param>
    /// <exception cref="InvalidOperationException">As in the other constructor.</exception>
    public SpendGuardSpeechToTextClient(ISpeechToTextClient innerClient, Func<string?> currentAgent, SpendGuardEngine engine, SpeechToTextSettings? settings = null)
        : base(innerClient)
    {
        _settings = settings ?? new SpeechToTextSettings();
        var below = ClientsBelow.Of(innerClient);
        var metadata = innerClient.GetService<SpeechToTextClientMetadata>();
        var client = new BilledClient(metadata?.ProviderName, metadata?.ProviderUri, metadata?.DefaultModelId, below)
        {
            Below = PipelineOrder.Check(innerClient.GetService<SpendGuardSpeechToTextClient>() is not null, below, _settings.AllowedFeatures),
        };
        _guard = new CallGuard(engine, currentAgent, _settings, client);
    }

    /// <inheritdoc/>
    /// <exception cref="SpendGuardException">The call was refused; nothing was sent.</exception>
    public override async Task<SpeechToTextResponse> GetTextAsync(
        Stream audioSpeechStream, SpeechToTextOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audioSpeechStream);
        return await _guard.CallAsync(
            () => Describe(options),
            (copied, _, upstream) => base.GetTextAsync(audioSpeechStream, CopiedOptions.Sent(copied, _guard.RawOptions), upstream),
            TranscribedAudio.Read,
            response => response.AdditionalProperties ??= [],
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Nothing is held before the stream is enumerated. After the provider's updates comes one more, without content, that says what the
    /// call cost.
    /// </remarks>
    /// <exception cref="SpendGuardException">The call was refused; nothing was sent.</exception>
    public override IAsyncEnumerable<SpeechToTextResponseUpdate> GetStreamingTextAsync(
        Stream audioSpeechStream, SpeechToTextOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audioSpeechStream);
        return _guard.StreamAsync(
            () => Describe(options),
            (copied, _, upstream) => InnerClient.GetStreamingTextAsync(audioSpeechStream, CopiedOptions.Sent(copied, _guard.RawOptions), upstream),
            call => new TranscribedAudio(call),
            (last, told) => new SpeechToTextResponseUpdate { ResponseId = last?.ResponseId, AdditionalProperties = told },
            cancellationToken);
    }

    private PrivateCall<SpeechToTextOptions?> Describe(SpeechToTextOptions? options)
    {
        var copied = CopiedOptions.Of(options);
        var model = _guard.Terms.OnlyModelOf(copied?.ModelId);
        var features = _guard.Terms.Features(copied?.RawRepresentationFactory is not null, copied?.AdditionalProperties);
        return new(copied, model, SpeechCallShape.OfAudio(_settings.MaxAudioDuration, model, _guard.Terms.CardsOf(model), features));
    }
}
