using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Contracts;
using SpendGuard;
using SpendGuard.Extensions.AI;

namespace Microsoft.Extensions.AI;

/// <summary>Gives out clients that each count for one agent, over one that many share.</summary>
public static class SpendGuardAgentExtensions
{
    /// <summary>A client whose calls count for an agent and a run, in whatever method, iterator or flow they are made or their streams are read.</summary>
    /// <param name="client">The whole pipeline, with <c>UseSpendGuard</c> in it. Disposing of what is given out leaves it be.</param>
    /// <param name="agent">The agent, before that of any <see cref="SpendGuardScope"/> around the call.</param>
    /// <param name="run">The run.</param>
    public static IChatClient ForAgent(this IChatClient client, AgentId agent, RunId? run = null) =>
        new AgentChatClient(client, new ScopedSteps(agent, run));

    /// <summary>A copy of chat options that carries the agent which the call counts for. It is the guard's alone, and is not sent to the provider.</summary>
    /// <param name="options">The options, which stay as they are.</param>
    /// <param name="agent">
    /// The agent, before that of any <see cref="SpendGuardScope"/> around the call, and before the one that <c>UseSpendGuard</c> is told is running. A
    /// client that is for one agent, by <c>UseSpendGuard("a")</c> or <c>client.ForAgent("a")</c>, takes no other: such a call is refused with an
    /// <see cref="UnidentifiedAgentException"/>, unless a scope around it has the first one count for that other anyway.
    /// </param>
    [Pure]
    public static ChatOptions ForAgent(this ChatOptions options, AgentId agent)
    {
        ArgumentNullException.ThrowIfNull(options);
        return CarriedAgent.Put(options, agent);
    }

    /// <inheritdoc cref="ForAgent(IChatClient, AgentId, RunId?)"/>
    /// <typeparam name="TInput">What is embedded.</typeparam>
    /// <typeparam name="TEmbedding">The embedding.</typeparam>
    /// <param name="generator">The whole pipeline, with <c>UseSpendGuard</c> in it. Disposing of what is given out leaves it be.</param>
    /// <param name="agent">The agent, before that of any <see cref="SpendGuardScope"/> around the call.</param>
    /// <param name="run">The run.</param>
    public static IEmbeddingGenerator<TInput, TEmbedding> ForAgent<TInput, TEmbedding>(
        this IEmbeddingGenerator<TInput, TEmbedding> generator, AgentId agent, RunId? run = null)
        where TEmbedding : Embedding => new AgentEmbeddingGenerator<TInput, TEmbedding>(generator, new ScopedSteps(agent, run));

    /// <inheritdoc cref="ForAgent(IChatClient, AgentId, RunId?)"/>
    /// <param name="generator">The whole pipeline, with <c>UseSpendGuard</c> in it. Disposing of what is given out leaves it be.</param>
    /// <param name="agent">The agent, before that of any <see cref="SpendGuardScope"/> around the call.</param>
    /// <param name="run">The run.</param>
    [Experimental("MEAI001")]
    public static IImageGenerator ForAgent(this IImageGenerator generator, AgentId agent, RunId? run = null) =>
        new AgentImageGenerator(generator, new ScopedSteps(agent, run));

    /// <inheritdoc cref="ForAgent(IChatClient, AgentId, RunId?)"/>
    [Experimental("MEAI001")]
    public static ISpeechToTextClient ForAgent(this ISpeechToTextClient client, AgentId agent, RunId? run = null) =>
        new AgentSpeechToTextClient(client, new ScopedSteps(agent, run));

    /// <inheritdoc cref="ForAgent(IChatClient, AgentId, RunId?)"/>
    [Experimental("MEAI001")]
    public static ITextToSpeechClient ForAgent(this ITextToSpeechClient client, AgentId agent, RunId? run = null) =>
        new AgentTextToSpeechClient(client, new ScopedSteps(agent, run));
}
