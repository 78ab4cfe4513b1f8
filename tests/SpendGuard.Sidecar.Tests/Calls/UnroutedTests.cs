using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.Tests.Calls;

/// <summary>What no route takes is answered in the envelope of whose client it seems to be: SDKs show nothing else.</summary>
public sealed class UnroutedTests
{
    [Theory]
    [InlineData("/chat/completions", "Authorization", "Bearer unused", "OpenAI", "invalid_request_error")]
    [InlineData("/v1/v1/responses", "Authorization", "Bearer unused", "OpenAI", "invalid_request_error")]
    [InlineData("/v1/images/edits", "Authorization", "Bearer unused", "OpenAI", "invalid_request_error")]
    [InlineData("/v1/agents/a/nothing", "accept", "*/*", "OpenAI", "invalid_request_error")]
    [InlineData("/v1/v1/messages", "anthropic-version", "2023-06-01", "Anthropic", "not_found_error")]
    [InlineData("/v1/messages/threads", "x-api-key", "unused", "Anthropic", "not_found_error")]
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

    /// <summary>Whatever a client tries below the addresses that it is given: the provider's envelope, the sentence, and nothing sent.</summary>
    [Theory]
    [InlineData("/v1/batches/batch_1/items", "Authorization", "Of batches, OpenAI's own are metered", "POST GET")]
    [InlineData("/grok/v1/batches", "Authorization", "Of batches, OpenAI's own are metered", "POST GET")]
    [InlineData("/v1/files/file-1", "Authorization", "Stored files are not metered", "GET DELETE")]
    [InlineData("/v1/files/file-1/content", "Authorization", "Stored files are not metered", "GET")]
    [InlineData("/v1/responses/resp_1", "Authorization", "Metered are /v1/chat/completions", "GET DELETE")]
    [InlineData("/v1/realtime/sessions", "Authorization", "Sessions are not metered", "POST")]
    [InlineData("/v1/assistants", "Authorization", "Assistants are not metered", "POST GET")]
    [InlineData("/v1/fine_tuning/jobs", "Authorization", "Training is not metered", "POST GET")]
    [InlineData("/v1/moderations", "Authorization", "Moderations are not metered", "POST")]
    [InlineData("/v1/completions", "Authorization", "Make it a chat completion", "POST")]
    [InlineData("/grok/v1/images/edits", "Authorization", "Metered are /grok/v1/chat/completions", "POST")]
    [InlineData("/grok/v1/responses/input_tokens", "Authorization", "Metered are /grok/v1/chat/completions", "POST")]
    [InlineData("/v1/messages/batches/msgbatch_1/items", "anthropic-version", "Metered are /v1/", "GET")]
    [InlineData("/v1/files", "anthropic-version", "Stored files are not metered", "POST")]
    [InlineData("/v1/files/file_1", "anthropic-version", "Stored files are not metered", "GET DELETE")]
    [InlineData("/v1/complete", "anthropic-version", "Make it a message", "POST")]
    [InlineData("/v1beta/models/gemini-2.5-flash:batchGenerateContent", "x-goog-api-key", "Batches are not metered", "POST")]
    [InlineData("/v1beta/models/imagen-4:predict", "x-goog-api-key", "Images are not metered", "POST")]
    [InlineData("/v1beta/cachedContents", "x-goog-api-key", "Stored caches are not metered", "POST GET")]
    [InlineData("/v1beta/files", "x-goog-api-key", "Stored files are not metered", "POST GET")]
    [InlineData("/v1beta/cachedContents", "accept", "Metered are /v1beta/models/", "PATCH DELETE")]
    public async Task WhatIsNotMetered_SaysSoInTheClientsEnvelope(string path, string header, string told, string methods)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        foreach (var method in methods.Split(' '))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
            request.Headers.TryAddWithoutValidation(header, "Bearer unused");
            using var response = await sidecar.Client.SendAsync(request);

            var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            Assert.Equal((404, "There is no such route."), ((int)response.StatusCode, (string?)body["detail"]));
            Assert.Contains(told, (string?)body["error"]!["message"], StringComparison.Ordinal);
            Assert.Equal(header is "anthropic-version", (string?)body["type"] == "error");
            Assert.Equal(path.StartsWith("/v1beta", StringComparison.Ordinal), body["error"]!["status"] is not null);
        }

        Assert.Empty(sidecar.Provider.Calls);
    }

    [Theory]
    [InlineData("GET", "/v1/responses")]
    [InlineData("DELETE", "/v1/models/gpt-4o")]
    [InlineData("POST", "/v1/models")]
    [InlineData("PUT", "/v1/messages")]
    [InlineData("DELETE", "/v1beta/models/gemini-2.5-flash")]
    [InlineData("GET", "/grok/v1/chat/completions")]
    public async Task Method_ThatNoRouteOfThePathTakes_Is405InTheClientsEnvelope(string method, string path)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        using var response = await sidecar.Client.SendAsync(request);

        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(405, (int)response.StatusCode);
        Assert.StartsWith("The route does not take this method.", (string?)body["error"]!["message"], StringComparison.Ordinal);
        Assert.NotEmpty(response.Content.Headers.Allow);
        Assert.Empty(sidecar.Provider.Calls);
    }
}
