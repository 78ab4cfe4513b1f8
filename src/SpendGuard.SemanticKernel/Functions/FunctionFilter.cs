using Microsoft.SemanticKernel;

namespace SpendGuard.SemanticKernel.Functions;

/// <summary>Attributes the model calls that are made inside of a kernel function to it.</summary>
internal sealed class FunctionFilter(AgentId agent) : IFunctionInvocationFilter
{
    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        var function = FunctionName.Of(context.Function);
        if (context.IsStreaming)
        {
            await next(context);
            context.Result = FunctionStream.Wrap(context, agent, function);
            return;
        }

        using var scope = FunctionName.Begin(agent, function);
        await next(context);
    }
}
