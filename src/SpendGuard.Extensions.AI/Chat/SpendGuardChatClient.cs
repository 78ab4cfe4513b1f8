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
/// Turn the retries of the provider's SDK off: a retry inside of the inner client is a call that nothing was held for.
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
    /// <exception cref="InvalidOperationException">The inner client is, or has within it, one that this one has to be below of.</exception>
    public SpendGuardChatClient(IChatClient innerClient, AgentId agent, SpendGuardEngine engine)
        : this(innerClient, () => agent.Value, engine)
    {
    }

    /// <summary>Decorates a client that several agents share.</summary>
    /// <param name="innerClient">As in the other constructor.</param>
    /// <param name="currentAgent">
    /// Names the agent that is running, such as <c>() => AIAgent.CurrentRunContext?.Agent.Name</c>. Asked at the start of each call outside
    /// of a <see cref="SpendGuardScope"/>; when it gives null, the call is refused.
    /// </param>
    /// <param name="engine">The engine.</param>
    /// <exception cref="InvalidOperationException">As in the other constructor.</exception>
    public SpendGuardChatClient(IChatClient innerClient, Func<string?> currentAgent, SpendGuardEngine engine)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(currentAgent);
        ArgumentNullException.ThrowIfNull(engine);
        PipelineOrder.Check(innerClient);
        var metadata = innerClient.GetService<ChatClientMetadata>();
        _guard = new CallGuard(engine, new CallingAgent(currentAgent), new BilledClient(metadata?.ProviderName, metadata?.ProviderUri, metadata?.DefaultModelId));
    }

    /// <summary>Who bills for the calls, as the price book names it; told from the inner client's metadata when null.</summary>
    public string? Provider
    {
        get => _guard.Provider;
        set => _guard.Provider = value;
    }

    /// <summary>The model to price the calls by; told from the options and the inner client's metadata when null.</summary>
    public string? Model
    {
        get => _guard.Model;
        set => _guard.Model = value;
    }

    /// <summary>
    /// The service tier that the provider's project is set to, such as <c>default</c>. While it is null, a call that may be served at a
    /// dearer one by such a setting holds the dearest that has a price. Whatever is stated here, the tier that the answer names is paid.
    /// </summary>
    public string? ServiceTier { get; set; }

    /// <summary>
    /// The features without a bound that are let through all the same, by the name that the refusal gives, such as
    /// <c>RawRepresentationFactory</c> or <c>HostedWebSearchTool</c>. A call with one holds the model's maximum input.
    /// </summary>
    public ISet<string> AllowedFeatures => _guard.AllowedFeatures;

    /// <summary>How long the rest of a stream is waited for, to learn its cost, after its consumer has gone; 60 seconds unless set.</summary>
    public TimeSpan DrainTime
    {
        get => _guard.DrainTime;
        set => _guard.DrainTime = value;
    }

    /// <summary>Whether an exception means that the provider did not bill; by default a connection that was never made, or a 4xx answer.</summary>
    public Func<Exception, bool> IsUnbilled
    {
        get => _guard.IsUnbilled;
        set => _guard.IsUnbilled = value;
    }

    /// <inheritdoc/>
    /// <exception cref="SpendGuardException">The call was refused; nothing was sent.</exception>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var conversation = Conversation(messages);
        var call = Describe(conversation, options);
        return await _guard.CallAsync(
            call,
            reserved => base.GetResponseAsync(conversation, Cap(options, reserved), cancellationToken),
            response => ServedChat.Read(response, call),
            response => response.AdditionalProperties ??= [],
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Nothing is held before the stream is enumerated, and each enumeration is a call of its own. After the provider's updates comes
    /// one more, without content, that says what the call cost.
    /// </remarks>
    /// <exception cref="SpendGuardException">The call was refused; nothing was sent.</exception>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var conversation = Conversation(messages);
        var call = Describe(conversation, options);
        await using var reserved = await _guard.Engine.ReserveAsync(call, cancellationToken);
        var capped = Cap(options, reserved);
        await using var stream = new MeteredStream<ChatResponseUpdate>(
            token => InnerClient.GetStreamingResponseAsync(conversation, capped, token), new ServedChat(call), reserved, _guard);

        while (await stream.MoveNextAsync(cancellationToken))
        {
            yield return stream.Last!;
        }

        yield return SettlementProperties.ToUpdate(stream.Settlement, reserved, stream.Last);
    }

    private static IList<ChatMessage> Conversation(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var conversation = messages as IList<ChatMessage> ?? [.. messages];
        RefusalLatch.ThrowIfSet(conversation);
        return conversation;
    }

    private static ChatOptions Cap(ChatOptions? options, ReservedCall reserved)
    {
        var capped = options?.Clone() ?? new ChatOptions();
        capped.MaxOutputTokens = (int)Math.Min(reserved.OutputCap, int.MaxValue);
        return capped;
    }

    private ModelCall Describe(IList<ChatMessage> conversation, ChatOptions? options)
    {
        var model = _guard.ModelOf(options?.ModelId);
        var features = new FeatureGate(AllowedFeatures);
        if (_guard.SendsSeveralRequests)
        {
            features.Pass(
                "AutomaticContinuation",
                "Google's adapter goes on by itself when an answer is not complete: several requests are billed, and a stream tells of the last.",
                hidesInput: false);
        }

        var shape = ChatCallShape.Of(conversation, options, model, _guard.Engine.TokenCounters, features);
        return _guard.Describe(
            model, shape with { ServiceTier = ServiceTier ?? ReachableTier.Of(model, _guard.CardsOf(model)) });
    }
}
