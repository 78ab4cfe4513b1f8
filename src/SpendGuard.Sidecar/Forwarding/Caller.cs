namespace SpendGuard.Sidecar.Forwarding;

/// <summary>Who makes a call: named by the route, or else by headers.</summary>
internal sealed record Caller(AgentId Agent, RunId? Run)
{
    public static Caller Of(HttpContext context)
    {
        var agent = Value(context, "agent", CallHeaders.CynstaAgent, CallHeaders.Agent)
            ?? throw new BadRequestException($"Missing {CallHeaders.CynstaAgent} header");
        var run = Value(context, "run", CallHeaders.CynstaRun, CallHeaders.Run);
        try
        {
            return new Caller(new AgentId(agent), run is null ? (RunId?)null : new RunId(run));
        }
        catch (ArgumentException exception)
        {
            throw new BadRequestException(exception.Message.Split(" (Parameter", 2)[0]);
        }
    }

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
