using SpendGuard.Sidecar.Dialects.Headers;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>The headers of OpenAI's API, and of those that speak its wire formats.</summary>
/// <remarks>
/// Not among them: who pays (<c>OpenAI-Organization</c>, <c>OpenAI-Project</c>; the settings say it), what is still tried out
/// (<c>OpenAI-Beta</c>), and <c>Idempotency-Key</c>, as one agent's key could bring back another's answer.
/// </remarks>
internal static class OpenAIHeaders
{
    /// <summary>Which organisation pays.</summary>
    public const string Organization = "OpenAI-Organization";

    /// <summary>Which of its projects pays.</summary>
    public const string Project = "OpenAI-Project";

    public static HeaderTable Table { get; } = new(
    [
        .. CommonHeaders.GeneratedClient,
        new HeaderRule("X-Client-Request-Id", "It names the request in the provider's logs."),
    ]);

    /// <summary>What of an answer's headers tells whose account pays.</summary>
    public static IReadOnlyList<string> Account { get; } = [Organization, Project];
}
