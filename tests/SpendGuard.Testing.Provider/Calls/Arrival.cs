using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace SpendGuard.Testing.Provider.Calls;

/// <summary>What can be told of a request before its wire format is known.</summary>
internal static class Arrival
{
    public static SimulatedRequest Read(HttpRequest http, JsonObject body, CallBook book)
    {
        var caller = Caller(http);
        var path = http.Path.Value ?? "";
        return new()
        {
            CallId = book.Arrive(caller, path),
            Path = path,
            Caller = caller,
            Headers = http.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Query = http.QueryString.Value ?? "",
            Body = body,
        };
    }

    /// <summary>Who is billed: the first that says who it is. What chooses another's account goes before a key.</summary>
    private static string Caller(HttpRequest http)
    {
        const string Bearer = "Bearer ";
        var authorization = http.Headers.Authorization.ToString();
        string?[] candidates =
        [
            http.Headers["x-caller"],
            Named(http.Headers.UserAgent.ToString()),
            Named(http.Headers["x-client-request-id"].ToString()),
            http.Headers["openai-project"],
            http.Headers["openai-organization"],
            http.Headers["anthropic-workspace-id"],
            http.Headers["x-goog-user-project"],
            authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..] : null,
            http.Headers["x-api-key"],
            http.Headers["x-goog-api-key"],
            http.Query["key"],
        ];
        return candidates.FirstOrDefault(candidate => !string.IsNullOrEmpty(candidate)) ?? "anonymous";
    }

    /// <summary>Through a proxy that passes on few headers, a caller names itself in one of those that any client has.</summary>
    private static string? Named(string header) =>
        header.StartsWith("caller/", StringComparison.Ordinal) ? header["caller/".Length..] : null;
}
