using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Access;

/// <summary>What may be done with a key of an agent's: what concerns that agent, and nothing that raises its budget.</summary>
internal static class AgentOfKey
{
    /// <summary>Refuses a request for a route that is not for agents, or that names another agent than its key's.</summary>
    /// <remarks>Whether there is such an agent is not looked at, so that the answer does not tell.</remarks>
    /// <exception cref="BadRequestException">It is one of these; 403.</exception>
    public static void Require(AgentId agent, HttpContext context, AccessRule rule)
    {
        if (rule == AccessRule.Admin || (rule == AccessRule.Read && context.GetRouteValue("agent") is null))
        {
            throw Forbidden("The API key is an agent's, and this is not for agents. Use an admin key.");
        }

        if (Caller.Named(context).Any(named => named != agent.Value))
        {
            throw Forbidden("The API key is for another agent. Use a key of this agent's, or name none: the key says which agent calls.");
        }
    }

    private static BadRequestException Forbidden(string sentence) => new(sentence, StatusCodes.Status403Forbidden);
}
