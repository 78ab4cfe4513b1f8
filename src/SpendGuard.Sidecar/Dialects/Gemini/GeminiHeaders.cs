using SpendGuard.Sidecar.Dialects.Headers;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>The headers of Gemini's API.</summary>
/// <remarks>
/// Not among them: <c>x-goog-fieldmask</c>, which leaves counts out of the answer that are billed all the same, <c>x-goog-user-project</c>,
/// <c>x-http-method-override</c>, and <c>x-server-timeout</c>, after which a call may be broken off that has cost something.
/// </remarks>
internal static class GeminiHeaders
{
    public static HeaderTable Table { get; } = new(
    [
        .. CommonHeaders.AnyClient,
        new HeaderRule("x-goog-api-client", "It names the client."),
    ]);

    /// <summary>What makes an answer a stream of server-sent events, on the route that streams.</summary>
    public static IReadOnlyList<string> StreamQuery { get; } = ["alt=sse"];
}
