#pragma warning disable MEAI001 // Some of what may be below is for evaluation only; a pipeline that has it is checked all the same.

using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>Refuses pipelines in which the provider is told something else than what was priced, or more often.</summary>
internal static class PipelineOrder
{
    private const string Caches = "a cache answers without a call to the model and repeats the usage of an old one";
    private const string Twice = "UseSpendGuard() is there twice, and each call would be charged twice";

    /// <summary>Neither changes a call nor repeats it, nor answers one by itself.</summary>
    private static readonly HashSet<Type> OnlyLookOn =
    [
        typeof(LoggingChatClient), typeof(OpenTelemetryChatClient),
        typeof(LoggingEmbeddingGenerator<,>), typeof(OpenTelemetryEmbeddingGenerator<,>),
        typeof(LoggingImageGenerator), typeof(OpenTelemetryImageGenerator),
        typeof(LoggingSpeechToTextClient), typeof(OpenTelemetrySpeechToTextClient),
        typeof(LoggingTextToSpeechClient), typeof(OpenTelemetryTextToSpeechClient),
    ];

    /// <summary>Checks what is below a guard.</summary>
    /// <param name="inner">The client that is guarded.</param>
    /// <param name="below">What that is made of.</param>
    /// <param name="allowed">What may be there although it could change a call, by the names of its classes.</param>
    /// <returns>The names of those that are.</returns>
    /// <exception cref="InvalidOperationException">There is something that has to be above.</exception>
    public static IReadOnlyList<string> Check(IChatClient inner, ClientsBelow below, ISet<string> allowed)
    {
        const string Order = "inner.AsBuilder().UseDistributedCache().UseFunctionInvocation().UseSpendGuard(agentId).Build(services)";
        Refuse(
            Find<FunctionInvokingChatClient>(inner, "UseFunctionInvocation() makes many calls to the model of one")
            ?? Find<CachingChatClient>(inner, Caches)
            ?? Find<FailoverChatClient>(inner, "failover may make several calls to models of one")
            ?? Find<RoutingChatClient>(inner, "a router chooses a model after this one has priced another")
            ?? Find<SpendGuardChatClient>(inner, Twice),
            Order);
        return Changing(below, allowed, Order);
    }

    /// <inheritdoc cref="Check(IChatClient, ClientsBelow, ISet{string})"/>
    public static IReadOnlyList<string> Check<TInput, TEmbedding>(
        IEmbeddingGenerator<TInput, TEmbedding> inner, ClientsBelow below, ISet<string> allowed)
        where TEmbedding : Embedding
    {
        const string Order = "inner.AsBuilder().UseDistributedCache().UseSpendGuard(agentId).Build(services)";
        Refuse(
            inner.GetService<CachingEmbeddingGenerator<TInput, TEmbedding>>() is not null ? Caches
                : inner.GetService<SpendGuardEmbeddingGenerator<TInput, TEmbedding>>() is not null ? Twice
                : null,
            Order);
        return Changing(below, allowed, Order);
    }

    /// <summary>For clients that have neither caches nor loops.</summary>
    /// <param name="isThere">Whether there is a guard below already.</param>
    /// <param name="below">As above.</param>
    /// <param name="allowed">As above.</param>
    public static IReadOnlyList<string> Check(bool isThere, ClientsBelow below, ISet<string> allowed)
    {
        const string Order = "inner.AsBuilder().UseSpendGuard(agentId).Build(services)";
        Refuse(isThere ? Twice : null, Order);
        return Changing(below, allowed, Order);
    }

    private static List<string> Changing(ClientsBelow below, ISet<string> allowed, string order)
    {
        var changing = below.Between.Select(client => client.GetType())
            .Where(type => !OnlyLookOn.Contains(type.IsGenericType ? type.GetGenericTypeDefinition() : type))
            .Select(type => type.Name.Split('`')[0])
            .ToList();
        Refuse(
            changing.Find(name => !allowed.Contains(name)) is { } name
                ? $"{name} could change a call that has been priced, or make more of it. Put it above, or allow it with AllowedFeatures.Add(\"{name}\") in configure; a call is then held for at the model's maximum input"
                : null,
            order);
        return changing;
    }

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
