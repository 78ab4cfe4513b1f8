using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.TextGeneration;
using SpendGuard.SemanticKernel.Adapters;
using TextContent = Microsoft.SemanticKernel.TextContent;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>A guarded chat client as the services that Semantic Kernel has for it.</summary>
/// <remarks>It is a chat client as well, so that <c>AsChatClient</c> hands the guarded pipeline on as it is.</remarks>
/// <param name="guarded">The guarded pipeline.</param>
/// <param name="attributes">What the service that it stands for says of itself.</param>
/// <param name="isConnector">Whether that service is a connector, which takes a type for a response format.</param>
internal sealed class GuardedChatService(IChatClient guarded, IReadOnlyDictionary<string, object?> attributes, bool isConnector = false)
    : DelegatingChatClient(guarded), IChatCompletionService, ITextGenerationService
{
    private readonly IChatCompletionService _chat = guarded.AsChatCompletionService();

    public IReadOnlyDictionary<string, object?> Attributes { get; } = attributes;

    public Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
        ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        CancellationToken cancellationToken = default) =>
        _chat.GetChatMessageContentsAsync(chatHistory, Told(executionSettings), kernel, cancellationToken);

    public IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
        ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        CancellationToken cancellationToken = default) =>
        _chat.GetStreamingChatMessageContentsAsync(chatHistory, Told(executionSettings), kernel, cancellationToken);

    public async Task<IReadOnlyList<TextContent>> GetTextContentsAsync(
        string prompt,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        CancellationToken cancellationToken = default)
    {
        var answers = await _chat.GetChatMessageContentsAsync(new ChatHistory(prompt, AuthorRole.User), Told(executionSettings), kernel, cancellationToken);
        return
        [
            .. answers.Select(answer =>
                new TextContent(answer.Content, answer.ModelId, answer.InnerContent, Encoding.UTF8, answer.Metadata)),
        ];
    }

    public async IAsyncEnumerable<StreamingTextContent> GetStreamingTextContentsAsync(
        string prompt,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var updates = _chat.GetStreamingChatMessageContentsAsync(
            new ChatHistory(prompt, AuthorRole.User), Told(executionSettings), kernel, cancellationToken);
        await foreach (var update in updates)
        {
            yield return new StreamingTextContent(
                update.Content, update.ChoiceIndex, update.ModelId, update.InnerContent, Encoding.UTF8, update.Metadata);
        }
    }

    private PromptExecutionSettings? Told(PromptExecutionSettings? settings) => isConnector ? ResponseFormats.Told(settings) : settings;
}
