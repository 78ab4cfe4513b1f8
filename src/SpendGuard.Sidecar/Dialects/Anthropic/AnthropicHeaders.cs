using SpendGuard.Sidecar.Dialects.Headers;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>The headers of Anthropic's API.</summary>
/// <remarks>Not among them: who pays, such as <c>anthropic-workspace-id</c> and <c>anthropic-user-profile-id</c>.</remarks>
internal static class AnthropicHeaders
{
    public static HeaderTable Table { get; } = new(
    [
        .. CommonHeaders.GeneratedClient,
        new HeaderRule(AnthropicWing.Version, "It names the version of the API."),
        new HeaderRule(AnthropicBetas.Header, "Each value has been looked up in the table of betas."),
        new HeaderRule("anthropic-dangerous-direct-browser-access", "It says that a page calls."),
        new HeaderRule("x-app", "It names the client."),
    ]);

    /// <summary>What of an answer's headers tells whose account pays.</summary>
    public static IReadOnlyList<string> Account { get; } = ["anthropic-organization-id", "anthropic-workspace-id"];

    /// <summary>What the clients' beta routes are told by; what it opens goes by the header.</summary>
    public static IReadOnlyList<string> Query { get; } = ["beta=true"];
}
