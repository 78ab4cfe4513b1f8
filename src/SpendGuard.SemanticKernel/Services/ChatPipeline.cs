using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using SpendGuard.Extensions.AI;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>The clients of a chat pipeline, the outermost first.</summary>
internal static class ChatPipeline
{
    public static IEnumerable<IChatClient> Of(IChatClient outermost)
    {
        var client = outermost;
        yield return client;
        while (client is DelegatingChatClient decorator)
        {
            client = Inner(decorator);
            yield return client;
        }
    }

    /// <summary>Whether every call through a pipeline passes a guard, for certain.</summary>
    public static bool IsGuarded(IChatClient outermost) => GuardedPipeline.IsGuarded(outermost);

    /// <summary>The inner client is for derived classes only, but what is below function invocation cannot be found out otherwise.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerClient")]
    private static extern IChatClient Inner(DelegatingChatClient decorator);
}
