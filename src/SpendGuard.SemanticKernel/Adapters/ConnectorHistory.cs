using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace SpendGuard.SemanticKernel.Adapters;

/// <summary>A caller's history under the names that a connector has for functions, with a copy of it for the chat client that stands for the connector.</summary>
/// <remarks>
/// A chat client knows a function by one name, <c>plugin_function</c>, and Semantic Kernel's adapter leaves the plug-in out on the way to it and
/// back. A history would then name other functions than one that was kept without a guard, and could not be used without one.
/// </remarks>
internal sealed class ConnectorHistory
{
    private readonly ChatHistory _callers;
    private readonly int _before;
    private readonly Lazy<Dictionary<string, KernelFunction>> _functions;

    public ConnectorHistory(ChatHistory callers, PromptExecutionSettings? settings, Kernel? kernel)
    {
        _callers = callers;
        _before = callers.Count;
        Copy = [.. callers.Select(Joined)];
        _functions = new(() => Offered(settings, kernel));
    }

    /// <summary>What the adapter is given, and adds to.</summary>
    public ChatHistory Copy { get; }

    /// <summary>Gives the caller what was added.</summary>
    public void HandBack()
    {
        foreach (var added in Copy.Skip(_before))
        {
            Name(added);
            _callers.Add(added);
        }
    }

    /// <summary>Names the functions in a message as the connector does.</summary>
    public void Name(ChatMessageContent message)
    {
        for (var i = 0; i < message.Items.Count; i++)
        {
            message.Items[i] = message.Items[i] switch
            {
                FunctionCallContent call when Find(call.PluginName, call.FunctionName) is { } function => Call(call, function.PluginName, function.Metadata.Name),
                FunctionResultContent result when Find(result.PluginName, result.FunctionName ?? CalledBy(result.CallId)) is { } function =>
                    new FunctionResultContent(function.Metadata.Name, function.PluginName, result.CallId, result.Result)
                    {
                        InnerContent = result.InnerContent,
                        Metadata = result.Metadata,
                    },
                var other => other,
            };
        }
    }

    /// <summary>Names the functions in an update as the connector does.</summary>
    public StreamingChatMessageContent Named(StreamingChatMessageContent update)
    {
        for (var i = 0; i < update.Items.Count; i++)
        {
            if (update.Items[i] is StreamingFunctionCallUpdateContent call && Find(plugin: null, call.Name) is { } function)
            {
                update.Items[i] = new StreamingFunctionCallUpdateContent(
                    call.CallId, ToolNames.Joined(function.PluginName, function.Metadata.Name), call.Arguments, call.FunctionCallIndex);
            }
        }

        return update;
    }

    /// <summary>A message whose calls have the plug-in in their names, where the adapter does not lose it.</summary>
    private static ChatMessageContent Joined(ChatMessageContent message) => !message.Items.OfType<FunctionCallContent>().Any(call => call.PluginName is { Length: > 0 })
        ? message
        : new ChatMessageContent(
            message.Role,
            [.. message.Items.Select(item => item is FunctionCallContent call ? Call(call, plugin: null, ToolNames.Joined(call.PluginName, call.FunctionName)) : item)],
            message.ModelId,
            message.InnerContent,
            message.Encoding,
            message.Metadata)
        {
            AuthorName = message.AuthorName,
        };

    private static FunctionCallContent Call(FunctionCallContent call, string? plugin, string function) => new(function, plugin, call.Id, call.Arguments)
    {
        Exception = call.Exception,
        InnerContent = call.InnerContent,
        Metadata = call.Metadata,
    };

    /// <summary>The functions that the call offers, by the names that a chat client has for them. Two of one name are refused before they are called.</summary>
    private static Dictionary<string, KernelFunction> Offered(PromptExecutionSettings? settings, Kernel? kernel)
    {
        var offered = new Dictionary<string, KernelFunction>(StringComparer.Ordinal);
        var choice = settings?.FunctionChoiceBehavior?.GetConfiguration(new FunctionChoiceBehaviorConfigurationContext([]) { Kernel = kernel });
        foreach (var function in choice?.Functions ?? [])
        {
            offered.TryAdd(ChatName(function.PluginName, function.Metadata.Name), function);
        }

        return offered;
    }

    private KernelFunction? Find(string? plugin, string? name) =>
        string.IsNullOrEmpty(plugin) && name is not null ? _functions.Value.GetValueOrDefault(name) : null;

    /// <summary>The name of the function in the call of an id: the results of a stream leave it out.</summary>
    private string? CalledBy(string? id) => Copy.Skip(_before).SelectMany(message => message.Items.OfType<FunctionCallContent>())
        .FirstOrDefault(call => call.Id == id) is { } call
            ? ChatName(call.PluginName, call.FunctionName)
            : null;

    /// <summary>A chat client's name for a function.</summary>
    private static string ChatName(string? plugin, string function) => string.IsNullOrEmpty(plugin) ? function : $"{plugin}_{function}";
}
