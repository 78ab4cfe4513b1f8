using System.Reflection;
using Microsoft.Extensions.AI;
using SpendGuard.Extensions.AI;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>Guards embedding generators, of whatever input and embedding.</summary>
internal sealed class EmbeddingGuard(AgentId agent, SpendGuardEngine engine, Action<GuardSettings>? configure, string name)
{
    private static readonly MethodInfo Typed =
        typeof(EmbeddingGuard).GetMethod(nameof(GuardTyped), BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>Whether services of this type are embedding generators.</summary>
    public static bool Guards(Type service) => service.IsGenericType && service.GetGenericTypeDefinition() == typeof(IEmbeddingGenerator<,>);

    /// <summary>Guards a generator. One that has a guard within it stays as it is.</summary>
    /// <param name="service">The type that it is registered as.</param>
    /// <param name="generator">The generator.</param>
    /// <param name="owned">Whether disposing the guarded generator disposes it.</param>
    public object Guard(Type service, object generator, bool owned) => Typed
        .MakeGenericMethod(service.GetGenericArguments())
        .Invoke(this, BindingFlags.DoNotWrapExceptions, binder: null, [generator, owned], culture: null)!;

    private IEmbeddingGenerator<TInput, TEmbedding> GuardTyped<TInput, TEmbedding>(
        IEmbeddingGenerator<TInput, TEmbedding> generator, bool owned)
        where TEmbedding : Embedding
    {
        try
        {
            var settings = new GuardSettings();
            configure?.Invoke(settings);
            var guarded = GuardedPipeline.IsGuarded(generator)
                ? generator
                : new SpendGuardEmbeddingGenerator<TInput, TEmbedding>(generator, agent, engine, settings);
            return owned ? guarded : new Borrowed<TInput, TEmbedding>(guarded);
        }
        catch (InvalidOperationException order)
        {
            throw Refusals.Pipeline(name, order.Message);
        }
    }

    /// <summary>A generator that someone else disposes.</summary>
    private sealed class Borrowed<TInput, TEmbedding>(IEmbeddingGenerator<TInput, TEmbedding> owned)
        : DelegatingEmbeddingGenerator<TInput, TEmbedding>(owned)
        where TEmbedding : Embedding
    {
        protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
    }
}
