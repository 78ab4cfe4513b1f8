using Microsoft.Extensions.AI;
using SpendGuard.Bounds;
using SpendGuard.Pricing;

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
    /// <param name="agent">The agent that calls count for outside of a <see cref="SpendGuardScope"/>.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="settings">How calls are guarded; as it is unless set when null.</param>
    /// <exception cref="InvalidOperationException">The inner client is, or has within it, one that this one has to be below of.</exception>
    public SpendGuardChatClient(IChatClient innerClient, AgentId agent, SpendGuardEngine engine, GuardSettings? settings = null)
        : this(innerClient, () => agent.Value, engine, settings)
    {
    }

    /// <summary>Decorates a client that several agents share.</summary>
    /// <param name="innerClient">As in the other constructor.</param>
    /// <param name="currentAgent">
    /// Names the agent that is running, such as <c>() => AIAgent.CurrentRunContext?.Agent.Name</c>. Asked at the start of each call outside of a
    /// <see cref="SpendGuardScope"/>; when it gives null, the call is refused.
    /// </param>
    /// <param name="engine">The engine.</param>
    /// <param name="settings">As in the other constructor.</param>
    /// <exception cref="InvalidOperationException">As in the other constructor.</exception>
    public SpendGuardChatClient(IChatClient innerClient, Func<string?> currentAgent, SpendGuardEngine engine, GuardSettings? settings = null)
        : base(innerClient)
    {
        PipelineOrder.Check(innerClient);
        var metadata = innerClient.GetService<ChatClientMetadata>();
        var client = new BilledClient(metadata?.ProviderName, metadata?.ProviderUri, metadata?.DefaultModelId);
        _guard = new CallGuard(engine, currentAgent, settings ?? new GuardSettings(), client);
    }

    /// <inheritdoc/>
    /// <exception cref="SpendGuardException">The call was refused; nothing was sent.</exception>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var conversation = Conversation(messages);
        return await _guard.CallAsync(
            () => Describe(conversation, options),
            reserved => base.GetResponseAsync(conversation, Cap(options, reserved), cancellationToken),
            ServedChat.Read,
            response => response.AdditionalProperties ??= [],
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
        var conversation = Conversation(messages);
        return _guard.StreamAsync(
            () => Describe(conversation, options),
            (reserved, upstream) => InnerClient.GetStreamingResponseAsync(conversation, Cap(options, reserved), upstream),
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

    private static IList<ChatMessage> Conversation(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return messages as IList<ChatMessage> ?? [.. messages];
    }

    private static ChatOptions Cap(ChatOptions? options, ReservedCall reserved)
    {
        var capped = options?.Clone() ?? new ChatOptions();
        capped.MaxOutputTokens = (int)Math.Min(reserved.OutputCap, int.MaxValue);
        return capped;
    }

    private (ModelKey Model, CallShape Shape) Describe(IList<ChatMessage> conversation, ChatOptions? options)
    {
        RefusalLatch.ThrowIfSet(conversation);
        var model = _guard.ModelOf(options?.ModelId);
        var features = _guard.Features();
        if (_guard.SendsSeveralRequests)
        {
            features.Pass(
                "AutomaticContinuation",
                "The adapter goes on by itself when an answer is not complete: several requests are billed, and a stream tells of the last.",
                hidesInput: false);
        }

        var shape = ChatCallShape.Of(conversation, options, model, _guard.Counters, features);
        return (model, shape with { ServiceTier = ReachableTier.Of(model, _guard.CardsOf(model)) });
    }
}
