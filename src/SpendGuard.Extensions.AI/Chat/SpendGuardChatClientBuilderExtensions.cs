using SpendGuard;
using SpendGuard.Extensions.AI;

namespace Microsoft.Extensions.AI;

/// <summary>Puts chat pipelines under a budget.</summary>
public static class SpendGuardChatClientBuilderExtensions
{
    /// <summary>Puts every call to the model under an agent's budget. Call it last: it has to be the innermost of the pipeline.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="agent">
    /// The agent that calls count for outside of a <see cref="SpendGuardScope"/>. Options that carry another are refused with an
    /// <see cref="UnidentifiedAgentException"/>, unless the scope is that one's.
    /// </param>
    /// <param name="engine">The engine; the registered one when null.</param>
    /// <param name="configure">Sets up how calls are guarded.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// Building the pipeline throws <see cref="InvalidOperationException"/> when function invocation, caching or failover is below.
    /// </remarks>
    public static ChatClientBuilder UseSpendGuard(
        this ChatClientBuilder builder,
        AgentId agent,
        SpendGuardEngine? engine = null,
        Action<GuardSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        _ = agent.Value;
        return builder.Use((innerClient, services) =>
            new SpendGuardChatClient(innerClient, agent, engine ?? RegisteredEngine.Of(services), Settings(configure)));
    }

    /// <summary>Puts every call to the model under the budget of the agent that is running, so that one client serves a team of agents.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="currentAgent">
    /// Names the agent that is running, such as <c>() => AIAgent.CurrentRunContext?.Agent.Name</c>. Asked at the start of each call outside
    /// of a <see cref="SpendGuardScope"/> whose options carry no agent; when it gives null, the call is refused with an <see cref="UnidentifiedAgentException"/>.
    /// </param>
    /// <param name="engine">The engine; the registered one when null.</param>
    /// <param name="configure">Sets up how calls are guarded.</param>
    /// <returns>The builder.</returns>
    /// <remarks>As for the other overload, it has to be the innermost of the pipeline.</remarks>
    public static ChatClientBuilder UseSpendGuard(
        this ChatClientBuilder builder,
        Func<string?> currentAgent,
        SpendGuardEngine? engine = null,
        Action<GuardSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(currentAgent);
        return builder.Use((innerClient, services) =>
            new SpendGuardChatClient(innerClient, currentAgent, engine ?? RegisteredEngine.Of(services), Settings(configure)));
    }

    private static GuardSettings Settings(Action<GuardSettings>? configure)
    {
        var settings = new GuardSettings();
        configure?.Invoke(settings);
        return settings;
    }
}
