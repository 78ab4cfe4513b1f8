using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using SpendGuard.Extensions.AI;
using SpendGuard.SemanticKernel.Adapters;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>Puts a guard into a chat pipeline, below function invocation.</summary>
internal sealed class ChatClientGuard(
    AgentId agent, SpendGuardEngine engine, SpendGuardKernelOptions options, IServiceProvider services, string name)
{
    /// <summary>Guards a client. One whose every call passes a guard already stays as it is.</summary>
    /// <param name="client">The client, with or without function invocation around it.</param>
    /// <param name="owned">Whether disposing the guarded client disposes it.</param>
    public IChatClient Guard(IChatClient client, bool owned)
    {
        var pipeline = ChatPipeline.Of(client).ToList();
        if (ChatPipeline.IsGuarded(client))
        {
            var kept = owned ? client : new BorrowedChatClient(client);
            return options.ToolBudgets.Any ? Gated(kept, pipeline.Exists(IsForeign)) : kept;
        }

        if (pipeline[^1].GetService<IChatCompletionService>() is { } connector)
        {
            return pipeline.Count == 1 && client.GetType().Assembly == typeof(IChatCompletionService).Assembly
                ? new ChatCompletionGuard(this, name).Guard(connector, owned)
                : throw Refusals.Pipeline(name, "It has decorators above a chat completion service.");
        }

        return pipeline.FindLastIndex(part => part is FunctionInvokingChatClient) switch
        {
            < 0 => Gated(Below(client, owned, provider: null), foreign: false),
            0 when pipeline[0].GetType() == typeof(FunctionInvokingChatClient) =>
                WithTools(pipeline, owned, (tools, loggers) => tools.UseFunctionInvocation(loggers)),
            0 when !IsForeign(pipeline[0]) =>
                WithTools(pipeline, owned, (tools, loggers) => tools.UseKernelFunctionInvocation(loggers)),
            0 => throw Refusals.Pipeline(name, "Its function invocation is a class of its own, which cannot be taken apart."),
            _ => throw Refusals.Pipeline(name, "It has decorators above function invocation, and the guard has to be below it."),
        };
    }

    /// <summary>Guards a connector, and puts the kernel's function invocation above the guard.</summary>
    public IChatClient Guard(ConnectorChatClient connector, bool owned, string provider) =>
        new ChatClientBuilder(new LoopEnding(Gated(new ConnectorSettings(Below(connector, owned, provider)), foreign: false)))
            .UseKernelFunctionInvocation(services.GetService<ILoggerFactory>())
            .Build(services);

    private IChatClient WithTools(
        List<IChatClient> pipeline, bool owned, Func<ChatClientBuilder, ILoggerFactory?, ChatClientBuilder> invocation)
    {
        var builder = new ChatClientBuilder(new LoopEnding(Gated(Below(pipeline[1], owned, provider: null), IsForeign(pipeline[0]))));
        var rebuilt = invocation(builder, services.GetService<ILoggerFactory>()).Build(services);
        FunctionInvocation.Copy((FunctionInvokingChatClient)pipeline[0], (FunctionInvokingChatClient)rebuilt);
        return rebuilt;
    }

    private ToolGate Gated(IChatClient guarded, bool foreign) => new(guarded, options.ToolBudgets, foreign);

    private static bool IsForeign(IChatClient part) =>
        part is FunctionInvokingChatClient && part.GetType().Assembly != typeof(Kernel).Assembly;

    private DelegatingChatClient Below(IChatClient client, bool owned, string? provider)
    {
        try
        {
            var settings = new GuardSettings { Provider = provider };
            options.ChatClient?.Invoke(settings);
            var guarded = new SpendGuardChatClient(client, agent, engine, settings);
            return owned ? guarded : new BorrowedChatClient(guarded);
        }
        catch (InvalidOperationException order)
        {
            throw Refusals.Pipeline(name, order.Message);
        }
    }
}
