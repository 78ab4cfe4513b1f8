using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>A chat client that lets no call through before its worst case is held in an agent's budget, caps its output, and settles its cost.</summary>
/// <remarks>
/// <para>
/// It has to be the innermost of the pipeline, so that it meters every call of a tool loop and no answer that comes from a cache.
/// It is thread-safe if the inner client is.
/// </para>
/// <para>
/// Each attempt that the inner client makes by .NET's HTTP handler has a hold; of one that sends otherwise, turn the retries off.
/// <see cref="IChatClient.GetService"/> still answers with the inner clients; calls made through them are not metered.
/// </para>
/// </remarks>
public sealed class SpendGuardChatClient : DelegatingChatClient
{
    private readonly CallGuard _guard;

    /// <summary>Decorates a client.</summary>
    /// <param name="innerClient">The provider's client, or a decorator that neither loops, caches nor chooses between clients.</param>
    /// <param name="agent">
    /// The agent that calls count for outside of a <see cref="SpendGuardScope"/>. Options that carry another are refused with an
    /// <see cref="UnidentifiedAgentException"/>, unless the scope is that one's.
    /// </param>
    /// <param name="engine">The engine.</param>
    /// <param name="settings">How calls are guarded; as it is unless set when null.</param>
    /// <exception cref="InvalidOperationException">The inner client is, or has within it, one that this one has to be below of.</exception>
    public SpendGuardChatClient(IChatClient innerClient, AgentId agent, SpendGuardEngine engine, GuardSettings? settings = null)
        : this(innerClient, () => agent.Value, agent, engine, settings)
    {
    }

    /// <summary>Decorates a client that several agents share.</summary>
    /// <param name="innerClient">As in the other constructor.</param>
    /// <param name="currentAgent">
    /// Names the agent that is running, such as <c>() => AIAgent.CurrentRunContext?.Agent.Name</c>. Asked at the start of each call outside of a
    /// <see cref="SpendGuardScope"/> whose options carry no agent; when it gives null, the call is refused.
    /// </param>
    /// <param name="engine">The engine.</param>
    /// <param name="settings">As in the other constructor.</param>
    /// <exception cref="InvalidOperationException">As in the other constructor.</exception>
    public SpendGuardChatClient(IChatClient innerClient, Func<string?> currentAgent, SpendGuardEngine engine, GuardSettings? settings = null)
        : this(innerClient, currentAgent, bound: null, engine, settings)
    {
    }

    private SpendGuardChatClient(
        IChatClient innerClient, Func<string?> currentAgent, AgentId? bound, SpendGuardEngine engine, GuardSettings? settings)
        : base(innerClient)
    {
        settings ??= new GuardSettings();
        var below = ClientsBelow.Of(innerClient);
        var metadata = innerClient.GetService<ChatClientMetadata>();
        var client = new BilledClient(metadata?.ProviderName, metadata?.ProviderUri, metadata?.DefaultModelId, below)
        {
            Below = PipelineOrder.Check(innerClient, below, settings.AllowedFeatures),
        };
        _guard = new CallGuard(engine, currentAgent, settings, client, bound);
    }

    /// <inheritdoc/>
    /// <exception cref="SpendGuardException">The call was refused; nothing was sent.</exception>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return await _guard.CallAsync(
            () => Describe(messages, options),
            (request, reserved, upstream) => base.GetResponseAsync(request.Messages, Capped(request, reserved), upstream),
            ServedChat.Read,
            response =>
            {
                response.ConversationId = _guard.Terms.Allows(nameof(response.ConversationId)) ? response.ConversationId : null;
                return response.AdditionalProperties ??= [];
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Nothing is held before the stream is enumerated, and each enumeration is a call of its own, of the agent that is current when the stream
    /// is asked for. After the provider's updates comes one more, without content, that says what the call cost.
    /// </remarks>
    /// <exception cref="SpendGuardException">The call was refused; nothing was sent.</exception>
    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return _guard.StreamAsync(
            () => Describe(messages, options),
            (request, reserved, upstream) => WithoutConversation(InnerClient.GetStreamingResponseAsync(request.Messages, Capped(request, reserved), upstream), upstream),
            call => new ServedChat(call),
            (last, told) => new ChatResponseUpdate
            {
                ResponseId = last?.ResponseId,
                MessageId = last?.MessageId,
                ModelId = last?.ModelId,
                Role = last?.Role,
                AdditionalProperties = told,
            },
            cancellationToken);
    }

    /// <summary>A conversation that may not be gone on with is not told of, so that whoever is above sends all of it again.</summary>
    private async IAsyncEnumerable<ChatResponseUpdate> WithoutConversation(
        IAsyncEnumerable<ChatResponseUpdate> updates, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tells = _guard.Terms.Allows(nameof(ChatResponseUpdate.ConversationId));
        await foreach (var update in updates.WithCancellation(cancellationToken))
        {
            update.ConversationId = tells ? update.ConversationId : null;
            yield return update;
        }
    }

    private ChatOptions Capped(ChatRequest request, ReservedCall reserved) => request.Capped(reserved.OutputCap, _guard.RawOptions);

    private PrivateCall<ChatRequest> Describe(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var request = new ChatRequest(messages, options, _guard.Terms.SendsWhatItDoesNotKnow);
        RefusalLatch.ThrowIfSet(request.Messages);
        var model = _guard.Terms.ModelOf(request.Options.ModelId);
        var features = _guard.Terms.Features(request.Options.RawRepresentationFactory is not null, request.Options.AdditionalProperties);
        if (_guard.Terms.SendsSeveralRequests)
        {
            features.Pass(
                "AutomaticContinuation",
                "The adapter goes on by itself when an answer is not complete: several requests are billed, and a stream tells of the last.",
                hidesInput: false);
        }

        var shared = new SharedRaws();
        var unkeptCap = _guard.Terms.UnkeptCap(model, features);
        var shape = ChatCallShape.Of(request, model, _guard.Terms.Counters, features, shared);
        return new PrivateCall<ChatRequest>(request, model, shape with
        {
            UnkeptCap = unkeptCap,
            ServiceTier = ReachableTier.Of(model, _guard.Terms.CardsOf(model)),
        })
        {
            Agent = request.Agent,
            Shared = shared,
            Fingerprint = () => ChatConversation.FingerprintOf(request, model),
        };
    }
}
