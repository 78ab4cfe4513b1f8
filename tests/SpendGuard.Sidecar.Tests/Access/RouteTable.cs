using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using SpendGuard.Sidecar.Access;

namespace SpendGuard.Sidecar.Tests.Access;

/// <summary>A route of the sidecar with the rule that it says it has.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Pattern">The path, with its parameters in braces.</param>
/// <param name="Rule">Who may use it.</param>
internal sealed record Route(string Method, string Pattern, AccessRule Rule)
{
    /// <summary>Whether the path names an agent.</summary>
    public bool NamesAgent => Pattern.Contains("{agent}", StringComparison.Ordinal);

    /// <summary>Whether a caller who gets through may leave something else behind.</summary>
    public bool Changes => Method is not ("GET" or "HEAD");

    /// <summary>Every route of a running sidecar, from its own table.</summary>
    public static IReadOnlyList<Route> All(WebApplication sidecar) =>
    [
        .. from endpoint in ((IEndpointRouteBuilder)sidecar).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
           let methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
           from method in methods
           select new Route(method, endpoint.RoutePattern.RawText!, AccessRules.Of(endpoint)),
    ];

    /// <summary>A request for the route. It gets past the door if it may, and no further than the first check behind it.</summary>
    public HttpRequestMessage Request(string agent)
    {
        var path = Pattern.Replace("{agent}", agent, StringComparison.Ordinal)
            .Replace("{run}", "run-1", StringComparison.Ordinal)
            .Replace("{group}", "group-1", StringComparison.Ordinal)
            .Replace("{window}", "day", StringComparison.Ordinal)
            .Replace("{key}", "0123456789abcdef", StringComparison.Ordinal)
            .Replace("{model}", "gemini-2.5-flash", StringComparison.Ordinal);
        var request = new HttpRequestMessage(new HttpMethod(Method), new Uri(path, UriKind.Relative));
        request.Headers.Add("x-cynsta-agent-id", agent);
        if (Method is "POST" or "PUT" or "PATCH")
        {
            request.Content = SidecarFixture.Body("{}");
        }

        return request;
    }

    public override string ToString() => $"{Method} {Pattern} ({Rule})";
}
