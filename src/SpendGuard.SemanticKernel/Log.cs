using Microsoft.Extensions.Logging;

namespace SpendGuard.SemanticKernel;

internal static partial class Log
{
    [LoggerMessage(201, LogLevel.Warning,
        "The function {Function} runs without a tool budget, and no function of the kernel has the name of these: {Strays}. If one is meant for it, correct its plug-in and function in AddToolBudget.")]
    public static partial void StrayToolBudgets(ILogger logger, string function, string strays);
}
