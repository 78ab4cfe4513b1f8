using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Testing;

namespace SpendGuard.Sidecar.Tests.Calls.Batches;

/// <summary>What tests do with batches that come as files.</summary>
internal static class OpenAIBatchSteps
{
    public const string Chat = "/v1/chat/completions";

    /// <summary>A chat completion of a batch.</summary>
    public static string ChatOf(int? cap = 100, string model = "gpt-4o", string more = "") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}]{{(cap is null ? "" : $",\"max_completion_tokens\":{cap}")}}{{more}}}""";

    /// <summary>A line of a file.</summary>
    public static string Line(string id, string body, string url = Chat) => $$"""{"custom_id":"{{id}}","method":"POST","url":"{{url}}","body":{{body}}}""";

    /// <summary>A file with the calls, whose ids are r0, r1 and so on.</summary>
    public static string FileOf(string url, params IEnumerable<string> bodies) => string.Join('\n', bodies.Select((body, place) => Line($"r{place}", body, url)));

    public static async Task<Reply> UploadAsync(this SidecarUnderTest sidecar, string agent, string content, string purpose = "batch", params IEnumerable<(string Name, string Value)> more)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent(purpose), "purpose");
        foreach (var (name, value) in more)
        {
            form.Add(new StringContent(value), name);
        }

        var file = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        form.Add(file, "file", "requests.jsonl");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/files", UriKind.Relative)) { Content = form };
        request.Headers.Add("x-cynsta-agent-id", agent);
        using var response = await sidecar.Client.SendAsync(request);
        return await Reply.ReadAsync(response);
    }

    /// <summary>Uploads requests and asks for a batch of them.</summary>
    public static async Task<Reply> TryBatchAsync(this SidecarUnderTest sidecar, string agent, string content, string url = Chat, string more = "")
    {
        var file = await sidecar.UploadAsync(agent, content);
        Assert.True(file.Status == 200, file.Text);
        return await sidecar.AskAsync("/v1/batches", agent, $$"""{"input_file_id":"{{file.Body["id"]}}","endpoint":"{{url}}","completion_window":"24h"{{more}}}""");
    }

    /// <summary>Makes a batch of chat completions, and returns the provider's id of it.</summary>
    public static async Task<string> BatchAsync(this SidecarUnderTest sidecar, string agent, params IEnumerable<string> bodies) =>
        await sidecar.BatchAtAsync(agent, Chat, bodies);

    public static async Task<string> BatchAtAsync(this SidecarUnderTest sidecar, string agent, string url, params IEnumerable<string> bodies)
    {
        var reply = await sidecar.TryBatchAsync(agent, FileOf(url, bodies), url);
        Assert.True(reply.Status == 200, reply.Text);
        return (string)reply.Body["id"]!;
    }

    /// <summary>The lines of the file that a batch names.</summary>
    public static async Task<IEnumerable<JsonNode>> FileAsync(this SidecarUnderTest sidecar, string agent, string id, string field = "output_file_id")
    {
        var batch = await sidecar.GetAsync(agent, $"/v1/batches/{id}");
        Assert.True(batch.Status == 200, batch.Text);
        var reply = await sidecar.GetAsync(agent, $"/v1/files/{batch.Body[field]}/content");
        Assert.True(reply.Status == 200, reply.Text);
        return reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!);
    }
}
