using Microsoft.SemanticKernel;

namespace SpendGuard.SemanticKernel.Functions;

/// <summary>Guards the functions that are invoked through a kernel.</summary>
internal sealed class FunctionFilter(FunctionGuard guard) : IFunctionInvocationFilter
{
    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        if (context.IsStreaming)
        {
            // It runs while its result is read, long after the filters have returned.
            await next(context);
            context.Result = FunctionStream.Wrap(context, guard);
            return;
        }

        await using var reserved = await guard.ReserveAsync(context.Kernel, context.Function, context.CancellationToken);
        try
        {
            using var scope = SpendGuardScope.BeginFunction(FunctionName.Of(context.Function));
            await next(context);
        }
        catch (Exception failure)
        {
            await FunctionGuard.ForfeitAsync(reserved, failure);
            throw;
        }

        if (reserved is not null)
        {
            await reserved.SettleAsync();
        }
    }
}
