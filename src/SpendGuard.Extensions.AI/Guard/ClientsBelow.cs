#pragma warning disable MEAI001 // Clients for images and speech are experimental; what is below their guard is looked at all the same.

using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>What is between a guard and the provider's client, from the outermost on, as far as the abstractions' own decorators tell it.</summary>
internal static class ClientsBelow
{
    public static IEnumerable<object> Of(IChatClient outermost) => Walk(outermost, client => client is DelegatingChatClient decorator ? Inner(decorator) : null);

    public static IEnumerable<object> Of(IImageGenerator outermost) => Walk(outermost, client => client is DelegatingImageGenerator decorator ? Inner(decorator) : null);

    public static IEnumerable<object> Of(ISpeechToTextClient outermost) =>
        Walk(outermost, client => client is DelegatingSpeechToTextClient decorator ? Inner(decorator) : null);

    public static IEnumerable<object> Of(ITextToSpeechClient outermost) =>
        Walk(outermost, client => client is DelegatingTextToSpeechClient decorator ? Inner(decorator) : null);

    public static IEnumerable<object> Of<TInput, TEmbedding>(IEmbeddingGenerator<TInput, TEmbedding> outermost)
        where TEmbedding : Embedding => Walk(outermost, Embeddings<TInput, TEmbedding>.InnerOf);

    private static IEnumerable<object> Walk(object outermost, Func<object, object?> innerOf)
    {
        for (var client = outermost; innerOf(client) is { } inner; client = inner)
        {
            yield return client;
        }
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
        public static object? InnerOf(object client) => client is DelegatingEmbeddingGenerator<TInput, TEmbedding> decorator ? Inner(decorator) : null;

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerGenerator")]
        private static extern IEmbeddingGenerator<TInput, TEmbedding> Inner(DelegatingEmbeddingGenerator<TInput, TEmbedding> decorator);
    }
}
