using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI.Tests.Adapters;

/// <summary>
/// Asks Gemini over HTTP and fills the usage as Google's adapter does: thoughts beside the output, tool prompts beside the input. That
/// adapter is on no feed that the tests restore from.
/// </summary>
internal sealed class GeminiAdapter(Uri endpoint, string model, string name = "gemini") : IChatClient
{
    private readonly HttpClient _http = new();

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = new
        {
            contents = messages.Select(message => new { role = "user", parts = new[] { new { text = message.Text } } }),
            generationConfig = new { maxOutputTokens = options?.MaxOutputTokens },
        };
        using var answer = await _http.PostAsJsonAsync($"{endpoint}/models/{model}:generateContent", request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var said = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, Text(said)))
        {
            ModelId = said.GetProperty("modelVersion").GetString(),
            Usage = said.TryGetProperty("usageMetadata", out var usage) ? Usage(usage) : null,
        };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata(name, endpoint, model) : null;

    public void Dispose() => _http.Dispose();

    private static string Text(JsonElement answer) => string.Concat(
        from candidate in answer.GetProperty("candidates").EnumerateArray()
        from part in candidate.GetProperty("content").GetProperty("parts").EnumerateArray()
        select part.GetProperty("text").GetString());

    private static UsageDetails Usage(JsonElement usage) => new()
    {
        InputTokenCount = Count(usage, "promptTokenCount"),
        OutputTokenCount = Count(usage, "candidatesTokenCount"),
        ReasoningTokenCount = Count(usage, "thoughtsTokenCount"),
        CachedInputTokenCount = Count(usage, "cachedContentTokenCount"),
        TotalTokenCount = Count(usage, "totalTokenCount"),
    };

    private static long? Count(JsonElement usage, string name) => usage.TryGetProperty(name, out var count) ? count.GetInt64() : null;
}
