using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace SpendGuard.SemanticKernel.Adapters;

/// <summary>The kernel functions that a call offers, by the names that chat clients have for them.</summary>
internal sealed class ToolNames
{
    private readonly ChatOptions? _options;
    private readonly Dictionary<string, KernelFunction> _functions;

    public ToolNames(ChatOptions? options)
    {
        _options = options;
        _functions = (options?.Tools ?? [])
            .Select(tool => (tool.Name, Function: tool.GetService<KernelFunction>()))
            .Where(tool => tool.Function is not null)
            .ToDictionary(tool => tool.Name, tool => tool.Function!, StringComparer.Ordinal);
    }

    /// <summary>What offers them to a connector, under its own names; null where there are others too, or none.</summary>
    public FunctionChoiceBehavior? Choice
    {
        get
        {
            if (_functions.Count == 0 || _functions.Count != _options!.Tools!.Count)
            {
                return null;
            }

            var behavior = new FunctionChoiceBehaviorOptions { AllowParallelCalls = _options.AllowMultipleToolCalls };
            return _options.ToolMode switch
            {
                RequiredChatToolMode { RequiredFunctionName: { } name } => _functions.TryGetValue(name, out var required)
                    ? FunctionChoiceBehavior.Required([required], autoInvoke: false, behavior)
                    : null,
                RequiredChatToolMode => FunctionChoiceBehavior.Required(_functions.Values, autoInvoke: false, behavior),
                null or AutoChatToolMode => FunctionChoiceBehavior.Auto(_functions.Values, autoInvoke: false, behavior),
                _ => null,
            };
        }
    }

    /// <summary>The kernel's function of a name; null for the name of something else.</summary>
    /// <param name="name">A chat client's name for it, or a connector's.</param>
    public KernelFunction? Find(string? name) => name is null ? null
        : _functions.TryGetValue(name, out var function) ? function
        : _functions.Values.FirstOrDefault(other => Joined(other) == name);

    /// <summary>A chat client's name for what a connector calls so; the same where it is nobody's.</summary>
    /// <param name="plugin">The plug-in; null where the name has it before a hyphen.</param>
    /// <param name="name">The function.</param>
    public string NameOf(string? plugin, string name) => _functions.FirstOrDefault(tool => plugin is null
        ? Joined(tool.Value) == name
        : tool.Value.PluginName == plugin && tool.Value.Metadata.Name == name).Key ?? name;

    /// <summary>A connector's name for a function: neither a plug-in's name nor a function's has a hyphen.</summary>
    public static string Joined(string? plugin, string function) => string.IsNullOrEmpty(plugin) ? function : $"{plugin}-{function}";

    private static string Joined(KernelFunction function) => Joined(function.PluginName, function.Metadata.Name);
}
