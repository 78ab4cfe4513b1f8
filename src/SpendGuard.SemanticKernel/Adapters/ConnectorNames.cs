using System.Runtime.CompilerServices;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace SpendGuard.SemanticKernel.Adapters;

/// <summary>Lets a connector call the kernel's functions by its own names for them, which are those that it uses without a guard.</summary>
internal sealed class ConnectorNames(IChatCompletionService connector, ToolNames names) : IChatCompletionService
{
    public IReadOnlyDictionary<string, object?> Attributes => connector.Attributes;

    public async Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
        ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        CancellationToken cancellationToken = default)
    {
        var answers = await connector.GetChatMessageContentsAsync(Theirs(chatHistory), Theirs(executionSettings), kernel, cancellationToken);
        foreach (var answer in answers)
        {
            Replace(answer, call => new FunctionCallContent(names.NameOf(call.PluginName, call.FunctionName), null, call.Id, call.Arguments)
            {
                Exception = call.Exception,
                InnerContent = call.InnerContent,
                Metadata = call.Metadata,
            });
        }

        return answers;
    }

    public async IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
        ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in connector.GetStreamingChatMessageContentsAsync(
            Theirs(chatHistory), Theirs(executionSettings), kernel, cancellationToken))
        {
            foreach (var call in update.Items.OfType<StreamingFunctionCallUpdateContent>().Where(call => call.Name is not null).ToList())
            {
                update.Items[update.Items.IndexOf(call)] = new StreamingFunctionCallUpdateContent(
                    call.CallId, names.NameOf(plugin: null, call.Name!), call.Arguments, call.FunctionCallIndex);
            }

            yield return update;
        }
    }

    /// <summary>The history is the adapter's own, made for this call.</summary>
    private ChatHistory Theirs(ChatHistory history)
    {
        foreach (var message in history)
        {
            Replace(message, call => names.Find(call.FunctionName) is { } function
                ? new FunctionCallContent(function.Metadata.Name, function.PluginName, call.Id, call.Arguments)
                {
                    InnerContent = call.InnerContent,
                    Metadata = call.Metadata,
                }
                : call);
        }

        return history;
    }

    /// <summary>So are the settings.</summary>
    private PromptExecutionSettings? Theirs(PromptExecutionSettings? settings)
    {
        if (settings is not null && names.Choice is { } choice)
        {
            settings.FunctionChoiceBehavior = choice;
        }

        return settings;
    }

    private static void Replace(ChatMessageContent message, Func<FunctionCallContent, FunctionCallContent> by)
    {
        for (var i = 0; i < message.Items.Count; i++)
        {
            if (message.Items[i] is FunctionCallContent call)
            {
                message.Items[i] = by(call);
            }
        }
    }
}
