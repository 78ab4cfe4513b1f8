using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.Tests.Calls;

/// <summary>What no route takes is answered in the envelope of whose client it seems to be: SDKs show nothing else.</summary>
public sealed class UnroutedTests
{
    [Theory]
    [InlineData("/chat/completions", "Authorization", "Bearer unused", "OpenAI", "invalid_request_error")]
    [InlineData("/v1/v1/responses", "Authorization", "Bearer unused", "OpenAI", "invalid_request_error")]
    [InlineData("/v1/images/generations", "Authorization", "Bearer unused", "OpenAI", "invalid_request_error")]
    [InlineData("/v1/agents/a/nothing", "accept", "*/*", "OpenAI", "invalid_request_error")]
    [InlineData("/v1/v1/messages", "anthropic-version", "2023-06-01", "Anthropic", "not_found_error")]
    [InlineData("/v1/messages/batches", "x-api-key", "unused", "Anthropic", "not_found_error")]
    [InlineData("/models/gemini-2.5-flash:generateContent", "x-goog-api-key", "unused", "Google", null)]
    [InlineData("/v1beta/v1beta/models/gemini-2.5-flash:generateContent", "accept", "*/*", "Google", null)]
    public async Task Envelope_IsThatOfTheClient(string path, string header, string value, string named, string? type)
    {
        await using var sidecar = await SidecarFixture.StartAsync();

        var answer = await sidecar.AskAsync(path, "a", "{}", (header, value));

        Assert.Equal((404, "There is no such route."), (answer.Status, (string?)answer.Body["detail"]));
        var told = (string?)answer.Body["error"]!["message"];
        Assert.StartsWith("There is no such route. What is not metered here goes nowhere", told, StringComparison.Ordinal);
        Assert.Contains($"the base URL of {named}'s clients", told, StringComparison.Ordinal);
        Assert.Equal(type, (string?)answer.Body["error"]!["type"]);
        Assert.Empty(sidecar.Provider.Calls);
    }

    [Fact]
    public async Task Method_ThatTheRouteDoesNotTake_HasAnEnvelopeToo()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        using var response = await sidecar.Client.GetAsync(new Uri("/v1/chat/completions", UriKind.Relative));

        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(405, (int)response.StatusCode);
        Assert.StartsWith("The route does not take this method.", (string?)body["error"]!["message"], StringComparison.Ordinal);
    }
}
