using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Control.Names;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Access;

/// <summary>What may be done with a key of an agent's: what concerns that agent, and nothing that raises its budget.</summary>
internal static class AgentOfKey
{
    private const string Route = "agent";

    /// <summary>Refuses a request for a route that is not for agents, or that names another agent than its key's.</summary>
    /// <remarks>
    /// Whether there is another such agent is not looked at, so that the answer does not tell. Where a path may have names, the agent's own means it,
    /// whoever else has it.
    /// </remarks>
    /// <exception cref="BadRequestException">It is one of these; 403.</exception>
    public static async ValueTask RequireAsync(SpendGuardEngine engine, AgentId agent, HttpContext context, AccessRule rule)
    {
        if (rule == AccessRule.Admin || (rule == AccessRule.Read && context.GetRouteValue(Route) is null))
        {
            throw Forbidden("The API key is an agent's, and this is not for agents. Use an admin key.");
        }

        if (context.GetRouteValue(Route) is string value && value != agent.Value && context.GetEndpoint()?.Metadata.GetMetadata<TakesNames>() is not null
            && await engine.FindAgentAsync(agent, context.RequestAborted) is { } own && MeantNode.IsMeant(own, RouteText.Of(context, Route, value)))
        {
            context.Request.RouteValues[Route] = agent.Value;
        }

        if (Caller.Named(context).Any(named => named != agent.Value))
        {
            throw Forbidden("The API key is for another agent. Use a key of this agent's, or name none: the key says which agent calls.");
        }
    }

    private static BadRequestException Forbidden(string sentence) => new(sentence, StatusCodes.Status403Forbidden);
}
