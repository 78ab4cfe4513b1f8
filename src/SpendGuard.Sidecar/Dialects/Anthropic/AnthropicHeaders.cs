namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>What the code itself knows of headers and query of Anthropic's API; the tables say what goes on.</summary>
/// <remarks>Not among those: who pays, such as <c>anthropic-workspace-id</c> and <c>anthropic-user-profile-id</c>.</remarks>
internal static class AnthropicHeaders
{
    /// <summary>What of an answer's headers tells whose account pays.</summary>
    public static IReadOnlyList<string> Account { get; } = ["anthropic-organization-id", "anthropic-workspace-id"];

    /// <summary>What the clients' beta routes are told by; what it opens goes by the header.</summary>
    public static IReadOnlyList<string> Query { get; } = ["beta=true"];
}
