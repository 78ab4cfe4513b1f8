#pragma warning disable MEAI001 // Clients for images and speech are experimental; what is below their guard is looked at all the same.

using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>What a guard has below it, as far as the clients there tell.</summary>
/// <remarks>
/// A class of one's own that hides the client within, by neither deriving from the abstractions' decorators nor answering for what is
/// within, is taken for the provider's client.
/// </remarks>
/// <param name="Between">What is between the guard and the provider's client, from the outermost on.</param>
/// <param name="Leaf">The provider's client.</param>
/// <param name="Adapter">What that says is known of it; null for nothing.</param>
internal sealed record ClientsBelow(IReadOnlyList<object> Between, object Leaf, ClientAdapter? Adapter)
{
    public static ClientsBelow Of(IChatClient outermost) =>
        Walk(outermost, client => client is DelegatingChatClient decorator ? Inner(decorator) : null, client => client.GetService);

    public static ClientsBelow Of(IImageGenerator outermost) =>
        Walk(outermost, client => client is DelegatingImageGenerator decorator ? Inner(decorator) : null, client => client.GetService);

    public static ClientsBelow Of(ISpeechToTextClient outermost) =>
        Walk(outermost, client => client is DelegatingSpeechToTextClient decorator ? Inner(decorator) : null, client => client.GetService);

    public static ClientsBelow Of(ITextToSpeechClient outermost) =>
        Walk(outermost, client => client is DelegatingTextToSpeechClient decorator ? Inner(decorator) : null, client => client.GetService);

    public static ClientsBelow Of<TInput, TEmbedding>(IEmbeddingGenerator<TInput, TEmbedding> outermost)
        where TEmbedding : Embedding => Walk(outermost, Embeddings<TInput, TEmbedding>.InnerOf, generator => generator.GetService);

    /// <summary>Whether every call passes a guard: nothing above it but decorators of the abstractions, which have one inner client.</summary>
    public bool Passes<TDecorator, TGuard>() => Between.TakeWhile(client => client is TDecorator).Any(client => client is TGuard);

    private static ClientsBelow Walk<T>(T outermost, Func<T, T?> innerOf, Func<T, Func<Type, object?, object?>> services)
        where T : class
    {
        var between = new List<object>();
        var client = outermost;
        while ((innerOf(client) ?? AnswersFor(client, services(client))) is { } inner && !between.Contains(inner))
        {
            between.Add(client);
            client = inner;
        }

        return new ClientsBelow(between, client, services(client)(typeof(ClientAdapter), null) as ClientAdapter);
    }

    /// <summary>The client that one which is no decorator of the abstractions asks for what it does not have itself; null for none.</summary>
    private static T? AnswersFor<T>(T client, Func<Type, object?, object?> service)
        where T : class
    {
        var nobody = new TypeOfNobody();
        service(nobody, null);
        return nobody.Asked.OfType<T>().FirstOrDefault(other => other != client)
            ?? (service(typeof(T), null) is T named && named != client ? named : null);
    }

    // The inner client is for derived classes only, but whether it is told what was priced cannot be found out otherwise.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerClient")]
    private static extern IChatClient Inner(DelegatingChatClient decorator);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerGenerator")]
    private static extern IImageGenerator Inner(DelegatingImageGenerator decorator);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerClient")]
    private static extern ISpeechToTextClient Inner(DelegatingSpeechToTextClient decorator);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerClient")]
    private static extern ITextToSpeechClient Inner(DelegatingTextToSpeechClient decorator);

    private static class Embeddings<TInput, TEmbedding>
        where TEmbedding : Embedding
    {
        public static IEmbeddingGenerator<TInput, TEmbedding>? InnerOf(IEmbeddingGenerator<TInput, TEmbedding> client) =>
            client is DelegatingEmbeddingGenerator<TInput, TEmbedding> decorator ? Inner(decorator) : null;

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerGenerator")]
        private static extern IEmbeddingGenerator<TInput, TEmbedding> Inner(DelegatingEmbeddingGenerator<TInput, TEmbedding> decorator);
    }
}
