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
        CancellationToken cancellationToken = default) => isConnector
            ? AskAsync(new ConnectorHistory(chatHistory, executionSettings, kernel), executionSettings, kernel, cancellationToken)
            : _chat.GetChatMessageContentsAsync(chatHistory, executionSettings, kernel, cancellationToken);

    public IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
        ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        CancellationToken cancellationToken = default) => isConnector
            ? StreamAsync(chatHistory, executionSettings, kernel, cancellationToken)
            : _chat.GetStreamingChatMessageContentsAsync(chatHistory, executionSettings, kernel, cancellationToken);

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

    private async Task<IReadOnlyList<ChatMessageContent>> AskAsync(
        ConnectorHistory history, PromptExecutionSettings? settings, Kernel? kernel, CancellationToken cancellationToken)
    {
        try
        {
            var answers = await _chat.GetChatMessageContentsAsync(history.Copy, Told(settings), kernel, cancellationToken);
            foreach (var answer in answers)
            {
                history.Name(answer);
            }

            return answers;
        }
        finally
        {
            history.HandBack();
        }
    }

    private async IAsyncEnumerable<StreamingChatMessageContent> StreamAsync(
        ChatHistory callers, PromptExecutionSettings? settings, Kernel? kernel, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var history = new ConnectorHistory(callers, settings, kernel);
        try
        {
            await foreach (var update in _chat.GetStreamingChatMessageContentsAsync(history.Copy, Told(settings), kernel, cancellationToken))
            {
                yield return history.Named(update);
            }
        }
        finally
        {
            history.HandBack();
        }
    }

    private PromptExecutionSettings? Told(PromptExecutionSettings? settings) => isConnector ? ResponseFormats.Told(settings) : settings;
}
