using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>Whether every call through a pipeline passes a guard. A class of one's own may have other ways than through the guard within.</summary>
[Experimental("SPENDGUARD002")]
public static class GuardedPipeline
{
    /// <summary>Whether every call through a chat client passes a guard.</summary>
    /// <param name="client">The outermost client.</param>
    public static bool IsGuarded(IChatClient client) => ClientsBelow.Of(client).Passes<DelegatingChatClient, SpendGuardChatClient>();

    /// <summary>Whether every call through an embedding generator passes a guard.</summary>
    /// <typeparam name="TInput">What is embedded.</typeparam>
    /// <typeparam name="TEmbedding">The embedding.</typeparam>
    /// <param name="generator">The outermost generator.</param>
    public static bool IsGuarded<TInput, TEmbedding>(IEmbeddingGenerator<TInput, TEmbedding> generator)
        where TEmbedding : Embedding =>
        ClientsBelow.Of(generator).Passes<DelegatingEmbeddingGenerator<TInput, TEmbedding>, SpendGuardEmbeddingGenerator<TInput, TEmbedding>>();

    /// <summary>Whether every call through an image generator passes a guard.</summary>
    /// <param name="generator">The outermost generator.</param>
    [Experimental("MEAI001")]
    public static bool IsGuarded(IImageGenerator generator) =>
        ClientsBelow.Of(generator).Passes<DelegatingImageGenerator, SpendGuardImageGenerator>();

    /// <summary>Whether every call through a client for speech to text passes a guard.</summary>
    /// <param name="client">The outermost client.</param>
    [Experimental("MEAI001")]
    public static bool IsGuarded(ISpeechToTextClient client) =>
        ClientsBelow.Of(client).Passes<DelegatingSpeechToTextClient, SpendGuardSpeechToTextClient>();

    /// <summary>Whether every call through a client for text to speech passes a guard.</summary>
    /// <param name="client">The outermost client.</param>
    [Experimental("MEAI001")]
    public static bool IsGuarded(ITextToSpeechClient client) =>
        ClientsBelow.Of(client).Passes<DelegatingTextToSpeechClient, SpendGuardTextToSpeechClient>();
}
