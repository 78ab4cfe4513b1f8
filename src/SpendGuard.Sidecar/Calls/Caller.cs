using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls;

/// <summary>Who makes a call: named by the route, or else by headers.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Run">The run that the call says it is of; null where it says none.</param>
internal sealed record Caller(AgentId Agent, RunId? Run)
{
    public static Caller Of(HttpContext context)
    {
        var agent = Admission.Of(context).Agent?.Value ?? Named(context).FirstOrDefault()
            ?? throw new BadRequestException($"Missing {CallHeaders.CynstaAgent} header")
            {
                Told = $"Missing x-cynsta-agent-id header{(PresentedKey.All(context).Count > 0 ? ", and the API key that came is none of SpendGuard's" : "")}."
                    + " Send the header, or a key of the agent's as API key: spendguard key create --agent ID",
            };
        var run = Values(context, "run", CallHeaders.CynstaRun, CallHeaders.Run).FirstOrDefault();
        try
        {
            return new Caller(new AgentId(agent), run is null ? (RunId?)null : new RunId(run));
        }
        catch (ArgumentException exception)
        {
            throw new BadRequestException(exception.Message.Split(" (Parameter", 2)[0]);
        }
    }

    /// <summary>The agents that a request names, the one that counts first: by its route, then by headers.</summary>
    public static IEnumerable<string> Named(HttpContext context) => Values(context, "agent", CallHeaders.CynstaAgent, CallHeaders.Agent);

    private static IEnumerable<string> Values(HttpContext context, string route, string header, string otherHeader)
    {
        if (context.GetRouteValue(route) is string named)
        {
            yield return named;
        }

        foreach (var name in (string[])[header, otherHeader])
        {
            if (context.Request.Headers[name].ToString() is { Length: > 0 } value)
            {
                yield return value;
            }
        }
    }
}
