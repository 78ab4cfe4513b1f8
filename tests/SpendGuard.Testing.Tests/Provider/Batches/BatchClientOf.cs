using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Testing.Tests.Provider.Batches;

/// <summary>A client of a provider's batches that are sent as files, which knows no more of them than what goes over the wire.</summary>
internal sealed class BatchClientOf : IDisposable
{
    public const string Chat = "/v1/chat/completions";

    private readonly HttpClient _client;

    public BatchClientOf(SimulatedProvider provider)
    {
        _client = new() { BaseAddress = provider.BaseAddress };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "test-key");
    }

    /// <summary>A line of requests.</summary>
    public static string Line(string id, string? body = null, string endpoint = Chat) =>
        $$"""{"custom_id":"{{id}}","method":"POST","url":"{{endpoint}}","body":{{body ?? Hello()}}}""";

    /// <summary>A chat whose input is nine tokens.</summary>
    public static string Hello(string model = "gpt-4o", string more = "") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hello world"}]{{more}}}""";

    public async Task<(int Status, JsonNode Body)> UploadAsync(string content, string purpose = "batch", string name = "requests.jsonl", string? seconds = null)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent(purpose), "purpose");
        if (seconds is not null)
        {
            form.Add(new StringContent("created_at"), "expires_after[anchor]");
            form.Add(new StringContent(seconds), "expires_after[seconds]");
        }

        form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(content)), "file", name);
        return await ReadAsync(await _client.PostAsync(new Uri("/v1/files", UriKind.Relative), form));
    }

    public Task<(int Status, JsonNode Body)> CreateAsync(string file, string endpoint = Chat, string more = "") =>
        PostAsync("/v1/batches", $$"""{"input_file_id":"{{file}}","endpoint":"{{endpoint}}","completion_window":"24h"{{more}}}""");

    /// <summary>Uploads the lines, makes a batch of them, and returns its id.</summary>
    public async Task<string> MakeAsync(IEnumerable<string> lines, string endpoint = Chat)
    {
        var (_, file) = await UploadAsync(string.Join('\n', lines) + "\n");
        var (status, batch) = await CreateAsync((string)file["id"]!, endpoint);
        Assert.True(status == 200, batch.ToJsonString());
        return (string)batch["id"]!;
    }

    public async Task<JsonNode> BatchAsync(string id) => (await GetAsync("/v1/batches/" + id)).Body;

    public async Task<(int Status, JsonNode Body)> CancelAsync(string id) => await PostAsync($"/v1/batches/{id}/cancel", "");

    /// <summary>The lines of a file of a batch; none where it has no such file.</summary>
    public async Task<IReadOnlyList<JsonNode>> LinesAsync(JsonNode batch, string file) =>
        (string?)batch[file] is { } id ? [.. (await ContentAsync(id)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)] : [];

    public Task<string> ContentAsync(string file) => _client.GetStringAsync(new Uri($"/v1/files/{file}/content", UriKind.Relative));

    public async Task<(int Status, JsonNode Body)> GetAsync(string path) => await ReadAsync(await _client.GetAsync(new Uri(path, UriKind.Relative)));

    public async Task<(int Status, JsonNode Body)> DeleteAsync(string path) => await ReadAsync(await _client.DeleteAsync(new Uri(path, UriKind.Relative)));

    public async Task<(int Status, JsonNode Body)> PostAsync(string path, string body, CancellationToken cancellationToken = default)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await ReadAsync(await _client.PostAsync(new Uri(path, UriKind.Relative), content, cancellationToken));
    }

    public void Dispose() => _client.Dispose();

    private static async Task<(int Status, JsonNode Body)> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
        }
    }
}
