namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>What the code itself knows of headers and query of Gemini's API; the tables say what goes on.</summary>
/// <remarks>
/// Not among those: <c>x-goog-fieldmask</c>, which leaves counts out of the answer that are billed all the same, <c>x-goog-user-project</c>,
/// <c>x-http-method-override</c>, and <c>x-server-timeout</c>, after which a call may be broken off that has cost something.
/// </remarks>
internal static class GeminiHeaders
{
    /// <summary>What makes an answer a stream of server-sent events, on the route that streams.</summary>
    public static IReadOnlyList<string> StreamQuery { get; } = ["alt=sse"];
}
