using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls;

/// <summary>Who makes a call: named by the route, or else by headers.</summary>
internal sealed record Caller(AgentId Agent, RunId Run)
{
    public static Caller Of(HttpContext context)
    {
        var agent = AgentNamed(context)
            ?? throw new BadRequestException($"Missing {CallHeaders.CynstaAgent} header");
        var run = Value(context, "run", CallHeaders.CynstaRun, CallHeaders.Run) ?? Guid.NewGuid().ToString();
        try
        {
            return new Caller(new AgentId(agent), new RunId(run));
        }
        catch (ArgumentException exception)
        {
            throw new BadRequestException(exception.Message.Split(" (Parameter", 2)[0]);
        }
    }

    /// <summary>The agent that a request names, by its route or else by a header; null when it names none.</summary>
    public static string? AgentNamed(HttpContext context) => Value(context, "agent", CallHeaders.CynstaAgent, CallHeaders.Agent);

    private static string? Value(HttpContext context, string route, string header, string otherHeader)
    {
        if (context.GetRouteValue(route) is string named)
        {
            return named;
        }

        var headers = context.Request.Headers;
        return headers[header].ToString() is { Length: > 0 } value ? value
            : headers[otherHeader].ToString() is { Length: > 0 } other ? other
            : null;
    }
}
