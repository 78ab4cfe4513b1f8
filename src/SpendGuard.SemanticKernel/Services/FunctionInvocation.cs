using Microsoft.Extensions.AI;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>Hands the settings of function invocation on to the one that is put above a guard in its place.</summary>
internal static class FunctionInvocation
{
    public static void Copy(FunctionInvokingChatClient from, FunctionInvokingChatClient to)
    {
        to.AdditionalTools = from.AdditionalTools;
        to.AllowConcurrentInvocation = from.AllowConcurrentInvocation;
        to.FunctionInvoker = from.FunctionInvoker;
        to.IncludeDetailedErrors = from.IncludeDetailedErrors;
        to.MaximumConsecutiveErrorsPerRequest = from.MaximumConsecutiveErrorsPerRequest;
        to.MaximumIterationsPerRequest = from.MaximumIterationsPerRequest;
        to.TerminateOnUnknownCalls = from.TerminateOnUnknownCalls;
    }
}
