using Anthropic;

namespace SpendGuard.Sidecar.Tests.Dialects.Anthropic;

/// <summary>Anthropic's own client as a user sets it up: another base address and one header, and nothing else.</summary>
internal static class AnthropicSdk
{
    public static AnthropicClient For(SidecarUnderTest sidecar, string agent) =>
        new() { BaseUrl = sidecar.Address, ApiKey = "the caller's own", MaxRetries = 0, HttpClient = sidecar.As(agent) };
}
