using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Providers;

namespace SpendGuard.Sidecar.Refusals;

/// <summary>What a request is answered that no route takes: what is metered, and why this is not.</summary>
internal static class UnroutedRefusal
{
    /// <summary>Routing leaves a bare status; null where something else has answered.</summary>
    public static Refusal? Of(HttpContext context, IWing client) => context.Response switch
    {
        { HasStarted: true } or { ContentLength: not null } or { ContentType: not null } => null,
        { StatusCode: StatusCodes.Status404NotFound } => NoRoute(context, client),
        { StatusCode: StatusCodes.Status405MethodNotAllowed } => new Refusal(
            StatusCodes.Status405MethodNotAllowed, "The route does not take this method. The Allow header names those it takes."),
        _ => null,
    };

    private static Refusal NoRoute(HttpContext context, IWing client)
    {
        const string Sentence = "There is no such route.";
        var path = context.Request.Path;
        var why = client.Unmetered.FirstOrDefault(service => service.Takes(path))?.Why;
        return new Refusal(
            StatusCodes.Status404NotFound,
            Sentence,
            $"{Sentence} What is not metered here goes nowhere, and nothing was sent. {(why is null ? "" : why + " ")}"
            + $"Metered are {string.Join(", ", Metered(context))}. Where the route is one of them, look at the address: {client.BaseAddressHere}.");
    }

    /// <summary>The routes of metered calls: those that begin as the path does, if there are any.</summary>
    private static List<string> Metered(HttpContext context)
    {
        var all = context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints
            .OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<IDialect>() is not null)
            .Select(route => route.RoutePattern.RawText!)
            .Where(pattern => !pattern.Contains("{agent}", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var first = FirstOf(context.Request.Path.Value ?? "");
        return all.Exists(pattern => FirstOf(pattern) == first) ? all.FindAll(pattern => FirstOf(pattern) == first) : all;
    }

    private static string FirstOf(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
}
