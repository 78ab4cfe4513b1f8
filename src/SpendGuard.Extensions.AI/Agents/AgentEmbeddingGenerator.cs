using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>An embedding generator for one agent. The generator within is shared, so it is not disposed of.</summary>
internal sealed class AgentEmbeddingGenerator<TInput, TEmbedding>(IEmbeddingGenerator<TInput, TEmbedding> inner, ScopedSteps steps)
    : DelegatingEmbeddingGenerator<TInput, TEmbedding>(inner)
    where TEmbedding : Embedding
{
    public override async Task<GeneratedEmbeddings<TEmbedding>> GenerateAsync(
        IEnumerable<TInput> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var scope = steps.Begin();
        return await base.GenerateAsync(values, options, cancellationToken);
    }

    [SuppressMessage("Usage", "CA2215", Justification = "What is within is shared.")]
    protected override void Dispose(bool disposing)
    {
    }
}
