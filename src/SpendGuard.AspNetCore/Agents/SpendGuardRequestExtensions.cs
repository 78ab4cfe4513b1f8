using SpendGuard;
using SpendGuard.AspNetCore;
using SpendGuard.Extensions.AI;

namespace Microsoft.Extensions.AI;

/// <summary>Puts pipelines under the budget of who makes the request.</summary>
public static class SpendGuardRequestExtensions
{
    /// <summary>Puts every call to the model under the budget of the agent of the request, so that one client serves all of them. Call it last.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="agent">Tells the agent, such as <see cref="AgentFrom.User"/>. Asked outside of a <see cref="SpendGuardScope"/>, where the options carry no agent.</param>
    /// <param name="engine">The engine; the registered one when null.</param>
    /// <param name="configure">Sets up how calls are guarded.</param>
    /// <returns>The builder.</returns>
    /// <remarks>Building the pipeline throws <see cref="InvalidOperationException"/> when the services it is built with have no access to the request.</remarks>
    public static ChatClientBuilder UseSpendGuard(
        this ChatClientBuilder builder, AgentFrom agent, SpendGuardEngine? engine = null, Action<GuardSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(agent);
        return builder.Use((innerClient, services) => innerClient.AsBuilder().UseSpendGuard(agent.In(services), engine, configure).Build(services));
    }
}
