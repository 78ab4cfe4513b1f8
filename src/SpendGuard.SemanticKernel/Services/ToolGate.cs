using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using SpendGuard.SemanticKernel.Functions;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>Directly above the guard: refuses to offer functions with a tool budget to a model when they would not run through the kernel.</summary>
/// <remarks>
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

    private static IEnumerable<KernelFunction> KernelFunctions(ChatOptions? options) =>
        options?.Tools?.Select(tool => tool.GetService<KernelFunction>()).OfType<KernelFunction>() ?? [];
}
