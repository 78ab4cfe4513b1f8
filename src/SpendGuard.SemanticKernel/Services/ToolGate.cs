using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using SpendGuard.SemanticKernel.Functions;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>
/// Directly above the guard: refuses to offer a model two functions under one name, and functions with a tool budget that would not run
/// through the kernel.
/// </summary>
/// <remarks>
/// A kernel calls its functions <c>plugin_function</c> to a chat client, and of two that come to the same name, the first one would run.
/// A kernel's filters see a function that is invoked through the kernel. As one of the tools of plain chat options, or by function
/// invocation that is not the kernel's, it runs without them.
/// </remarks>
/// <param name="guarded">The guarded client.</param>
/// <param name="budgets">The tool budgets.</param>
/// <param name="foreignInvocation">Whether function invocation that is not the kernel's is in the pipeline.</param>
internal sealed class ToolGate(IChatClient guarded, ToolBudgets budgets, bool foreignInvocation) : DelegatingChatClient(guarded)
{
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Check(options);
        return base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Check(options);
        return base.GetStreamingResponseAsync(messages, options, cancellationToken);
    }

    private void Check(ChatOptions? options)
    {
        if (SameName(options) is [var one, var other])
        {
            throw new InvalidOperationException(
                $"'{one}' and '{other}' are both called '{one.Name}' to the model, and the wrong one could run. Rename one of them or its"
                + " plug-in, or offer only one of them.");
        }

        // The kernel makes options of a class of its own, which is internal.
        var byKernel = !foreignInvocation && options?.GetType().Assembly == typeof(Kernel).Assembly;
        if (!byKernel && KernelFunctions(options).FirstOrDefault(function => budgets.Find(function) is not null) is { } function)
        {
            throw new InvalidOperationException(
                $"'{FunctionName.Of(function)}' has a tool budget, which it would not keep as a tool of these chat options: it would run"
                + " without the kernel's filters. Let the kernel offer it (FunctionChoiceBehavior.Auto() in the execution settings), or"
                + " give the model a tool that calls kernel.InvokeAsync.");
        }
    }

    private static List<Named>? SameName(ChatOptions? options) => options?.Tools?.OfType<AIFunctionDeclaration>()
        .Select(tool => new Named(tool.Name, tool.GetService<KernelFunction>()))
        .GroupBy(tool => tool.Name, StringComparer.Ordinal)
        .Select(same => same.Take(2).ToList())
        .FirstOrDefault(same => same.Count > 1);

    private static IEnumerable<KernelFunction> KernelFunctions(ChatOptions? options) =>
        options?.Tools?.Select(tool => tool.GetService<KernelFunction>()).OfType<KernelFunction>() ?? [];

    private sealed record Named(string Name, KernelFunction? Function)
    {
        public override string ToString() => Function is null ? Name : FunctionName.Of(Function);
    }
}
