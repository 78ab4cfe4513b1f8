using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>Refuses pipelines in which one metered call would stand for another number of calls to the provider.</summary>
internal static class PipelineOrder
{
    private const string Caches = "a cache answers without a call to the model and repeats the usage of an old one";
    private const string Twice = "UseSpendGuard() is there twice, and each call would be charged twice";

    public static void Check(IChatClient inner)
    {
// FailoverChatClient and RoutingChatClient are for evaluation only; a pipeline that has them is checked all the same.
#pragma warning disable MEAI001
        Refuse(
            Find<FunctionInvokingChatClient>(inner, "UseFunctionInvocation() makes many calls to the model of one")
            ?? Find<CachingChatClient>(inner, Caches)
            ?? Find<FailoverChatClient>(inner, "failover may make several calls to models of one")
            ?? Find<RoutingChatClient>(inner, "a router chooses a model after this one has priced another")
            ?? Find<SpendGuardChatClient>(inner, Twice),
            "inner.AsBuilder().UseDistributedCache().UseFunctionInvocation().UseSpendGuard(agentId).Build(services)");
#pragma warning restore MEAI001
    }

    public static void Check<TInput, TEmbedding>(IEmbeddingGenerator<TInput, TEmbedding> inner)
        where TEmbedding : Embedding => Refuse(
            inner.GetService<CachingEmbeddingGenerator<TInput, TEmbedding>>() is not null ? Caches
                : inner.GetService<SpendGuardEmbeddingGenerator<TInput, TEmbedding>>() is not null ? Twice
                : null,
            "inner.AsBuilder().UseDistributedCache().UseSpendGuard(agentId).Build(services)");

    /// <summary>For clients that have neither caches nor loops.</summary>
    public static void CheckOnce(bool isThere) => Refuse(isThere ? Twice : null, "inner.AsBuilder().UseSpendGuard(agentId).Build(services)");

    private static void Refuse(string? misplaced, string order)
    {
        if (misplaced is not null)
        {
            throw new InvalidOperationException(
                $"SpendGuard has to be the innermost of the pipeline, but {misplaced}. Put UseSpendGuard last: {order}.");
        }
    }

    private static string? Find<T>(IChatClient inner, string why)
        where T : class, IChatClient => inner.GetService<T>() is null ? null : why;
}
