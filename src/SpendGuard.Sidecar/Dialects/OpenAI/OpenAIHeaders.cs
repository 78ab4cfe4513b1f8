namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>What the code itself knows of headers of OpenAI's API, and of those that speak its wire formats; the tables say what goes on.</summary>
/// <remarks>
/// Not among those: who pays (<c>OpenAI-Organization</c>, <c>OpenAI-Project</c>; the settings say it), what is still tried out
/// (<c>OpenAI-Beta</c>), and <c>Idempotency-Key</c>, as one agent's key could bring back another's answer.
/// </remarks>
internal static class OpenAIHeaders
{
    /// <summary>Which organisation pays.</summary>
    public const string Organization = "OpenAI-Organization";

    /// <summary>Which of its projects pays.</summary>
    public const string Project = "OpenAI-Project";

    /// <summary>What of an answer's headers tells whose account pays.</summary>
    public static IReadOnlyList<string> Account { get; } = [Organization, Project];
}
