using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Testing;

namespace SpendGuard.Sidecar.Tests.Calls.Batches;

/// <summary>What tests do with batches.</summary>
internal static class BatchSteps
{
    public const string Route = "/v1/messages/batches";

    /// <summary>A message of a batch.</summary>
    public static string Message(int maxTokens = 100, string model = "claude-sonnet-5", string more = "") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}],"max_tokens":{{maxTokens}}{{more}}}""";

    /// <summary>A batch of messages, whose ids are r0, r1 and so on.</summary>
    public static string Of(params IEnumerable<string> messages) =>
        $$"""{"requests":[{{string.Join(',', messages.Select((message, place) => $$"""{"custom_id":"r{{place}}","params":{{message}}}"""))}}]}""";

    /// <summary>Makes a batch, and returns the provider's id of it.</summary>
    public static async Task<string> MakeAsync(this SidecarUnderTest sidecar, string agent, params IEnumerable<string> messages)
    {
        var reply = await sidecar.AskAsync(Route, agent, Of(messages));
        Assert.True(reply.Status == 200, reply.Text);
        return (string)reply.Body["id"]!;
    }

    public static async Task<Reply> GetAsync(this SidecarUnderTest sidecar, string agent, string path, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(path, UriKind.RelativeOrAbsolute));
        request.Headers.Add("x-cynsta-agent-id", agent);
        using var response = await sidecar.Client.SendAsync(request);
        return await Reply.ReadAsync(response);
    }

    public static Task<Reply> ResultsAsync(this SidecarUnderTest sidecar, string agent, string id) => sidecar.GetAsync(agent, $"{Route}/{id}/results");

    /// <summary>The ids of the requests whose results are in an answer, and what became of each.</summary>
    public static IReadOnlyList<(string Id, string Outcome)> Results(this Reply reply) =>
        [.. reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .Select(line => ((string)line["custom_id"]!, (string)line["result"]!["type"]!))];
}
