using Microsoft.Extensions.AI;

namespace SpendGuard.Benchmarks;

/// <summary>A provider that takes no time: always the same answer, with usage.</summary>
internal sealed class FixedChatClient : IChatClient
{
    private readonly ChatResponse _response = new(new ChatMessage(ChatRole.Assistant, "ok"))
    {
        Usage = new UsageDetails { InputTokenCount = 60, OutputTokenCount = 20, TotalTokenCount = 80 },
    };

    private readonly ChatClientMetadata _metadata = new("openai", new Uri("http://localhost/v1"), Some.CountedModel);

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        // A decorator that adds properties pays for them at every call, as it does with a provider's fresh answers.
        _response.AdditionalProperties = null;
        return Task.FromResult(_response);
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? _metadata : null;

    public void Dispose()
    {
    }
}
