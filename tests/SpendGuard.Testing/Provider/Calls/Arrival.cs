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
            Body = body,
        };
    }

    private static string Caller(HttpRequest http)
    {
        const string Bearer = "Bearer ";
        var authorization = http.Headers.Authorization.ToString();
        string?[] candidates =
        [
            http.Headers["x-caller"],
            authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..] : null,
            http.Headers["x-api-key"],
            http.Headers["x-goog-api-key"],
            http.Query["key"],
        ];
        return candidates.FirstOrDefault(candidate => !string.IsNullOrEmpty(candidate)) ?? "anonymous";
    }
}
