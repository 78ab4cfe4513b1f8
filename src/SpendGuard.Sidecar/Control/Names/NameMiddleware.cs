using SpendGuard.Budgets;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Control.Names;

/// <summary>
/// Puts ids where a path has what people call agents and groups by, for the routes that take names: behind it there are only ids. What nobody
/// goes by stays as it is, and the route says that there is none.
/// </summary>
internal sealed class NameMiddleware(RequestDelegate next)
{
    private const string Agent = "agent";
    private const string Group = "group";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<TakesNames>() is not { Accepts: not AcceptedNames.None } takes)
        {
            await next(context);
            return;
        }

        var (name, kind) = context.GetRouteValue(Agent) is null ? (Group, NodeKind.Group) : (Agent, NodeKind.Agent);
        if (context.GetRouteValue(name) is not string value)
        {
            await next(context);
            return;
        }

        var caller = Admission.Of(context);
        var text = RouteText.Of(context, name, value);
        if (await MeantNode.FindAsync(caller, text, kind, takes.Accepts, context.RequestAborted) is { } meant)
        {
            context.Request.RouteValues[name] = meant.Id.Value;
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (BadRequestException missing) when (missing.Code is NotFound.AgentCode or NotFound.GroupCode or NotFound.BudgetCode && caller.Agent is null)
        {
            var other = kind == NodeKind.Agent ? NodeKind.Group : NodeKind.Agent;
            var others = await caller.Engine.FindMeantAsync(text, other, context.RequestAborted);
            throw others is [{ DeletedAt: null } one] ? NotFound.OtherKind(missing, text, one) : missing;
        }
    }
}
