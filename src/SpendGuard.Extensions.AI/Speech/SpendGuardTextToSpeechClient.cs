using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>A text-to-speech client that lets no call through before its worst case is held in an agent's budget, and settles its cost.</summary>
/// <remarks>
/// A model is billed by the character (<c>speech_cents_per_1m_characters</c> in its rate card) or by the token (<c>max_output_tokens</c> is
/// then what a call can come to); a model with neither is refused. A character is a UTF-16 unit: there are never fewer of those.
/// It is thread-safe if the inner client is. Each attempt that it makes by .NET's HTTP handler has a
/// hold; of one that sends otherwise, turn the retries off.
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
    /// <param name="settings">How calls are guarded; as it is unless set when null.</param>
    /// <exception cref="InvalidOperationException">The inner client is, or has within it, one of this kind.</exception>
    public SpendGuardTextToSpeechClient(ITextToSpeechClient innerClient, AgentId agent, SpendGuardEngine engine, GuardSettings? settings = null)
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
    public SpendGuardTextToSpeechClient(ITextToSpeechClient innerClient, Func<string?> currentAgent, SpendGuardEngine engine, GuardSettings? settings = null)
        : base(innerClient)
    {
        settings ??= new GuardSettings();
        var below = ClientsBelow.Of(innerClient);
        var metadata = innerClient.GetService<TextToSpeechClientMetadata>();
        var client = new BilledClient(metadata?.ProviderName, metadata?.ProviderUri, metadata?.DefaultModelId, below)
        {
            Below = PipelineOrder.Check(innerClient.GetService<SpendGuardTextToSpeechClient>() is not null, below, settings.AllowedFeatures),
        };
        _guard = new CallGuard(engine, currentAgent, settings, client);
    }

    /// <inheritdoc/>
    /// <exception cref="SpendGuardException">The call was refused; nothing was sent.</exception>
    public override async Task<TextToSpeechResponse> GetAudioAsync(
        string text, TextToSpeechOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return await _guard.CallAsync(
            () => Describe(text, options),
            (copied, _, upstream) => base.GetAudioAsync(text, CopiedOptions.Sent(copied, _guard.RawOptions), upstream),
            SpokenText.Read,
            response => response.AdditionalProperties ??= [],
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Nothing is held before the stream is enumerated. After the provider's updates comes one more, without content, that says what the
    /// call cost.
    /// </remarks>
    /// <exception cref="SpendGuardException">The call was refused; nothing was sent.</exception>
    public override IAsyncEnumerable<TextToSpeechResponseUpdate> GetStreamingAudioAsync(
        string text, TextToSpeechOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _guard.StreamAsync(
            () => Describe(text, options),
            (copied, _, upstream) => InnerClient.GetStreamingAudioAsync(text, CopiedOptions.Sent(copied, _guard.RawOptions), upstream),
            call => new SpokenText(call),
            (last, told) => new TextToSpeechResponseUpdate { ResponseId = last?.ResponseId, AdditionalProperties = told },
            cancellationToken);
    }

    private PrivateCall<TextToSpeechOptions?> Describe(string text, TextToSpeechOptions? options)
    {
        var copied = CopiedOptions.Of(options);
        var model = _guard.Terms.OnlyModelOf(copied?.ModelId);
        var features = _guard.Terms.Features(copied?.RawRepresentationFactory is not null, copied?.AdditionalProperties);
        return new(copied, model, SpeechCallShape.OfText(text, model, _guard.Terms.CardsOf(model), _guard.Terms.Counters, features));
    }
}
