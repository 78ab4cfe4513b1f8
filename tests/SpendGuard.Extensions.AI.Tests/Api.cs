using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>Short words for what most tests do.</summary>
internal static class Api
{
    /// <summary>Names of the wire formats that <see cref="Guarded.Leaf"/> knows, each with and without streaming.</summary>
    public static TheoryData<string, bool> All => new()
    {
        { "chat", false }, { "chat", true }, { "responses", false }, { "responses", true }, { "messages", false }, { "messages", true },
    };

    /// <summary>Makes one call and gathers its answer; a stream's last update brings the additional properties.</summary>
    public static async Task<ChatResponse> AskAsync(
        this IChatClient client, IEnumerable<ChatMessage> messages, bool stream, ChatOptions? options = null, CancellationToken stop = default)
    {
        if (!stream)
        {
            return await client.GetResponseAsync(messages, options, stop);
        }

        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync(messages, options, stop))
        {
            updates.Add(update);
        }

        var response = updates.ToChatResponse();
        response.AdditionalProperties = updates[^1].AdditionalProperties;
        return response;
    }

    public static Task<ChatResponse> AskAsync(
        this IChatClient client, string question, bool stream, ChatOptions? options = null, CancellationToken stop = default) =>
        client.AskAsync([new ChatMessage(ChatRole.User, question)], stream, options, stop);

    public static T Get<T>(this ChatResponse response, string property) => Assert.IsType<T>(response.AdditionalProperties![property]);
}
