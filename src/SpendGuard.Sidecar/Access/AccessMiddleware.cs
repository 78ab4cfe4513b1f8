namespace SpendGuard.Sidecar.Access;

/// <summary>Admits requests by the rule of the route that was chosen for them, and by nothing that the request says of itself.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, IAccessControl access)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // What is no route is routing's own answer to a method or a content type that no route takes.
        if (context.GetEndpoint() is RouteEndpoint endpoint && AccessRules.Of(endpoint) is var rule and not AccessRule.Open)
        {
            context.Features.Set(await access.AdmitAsync(context, rule));
        }

        await next(context);
    }
}
