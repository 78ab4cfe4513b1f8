using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>An image generator for one agent. The generator within is shared, so it is not disposed of.</summary>
[Experimental("MEAI001")]
internal sealed class AgentImageGenerator(IImageGenerator inner, ScopedSteps steps) : DelegatingImageGenerator(inner)
{
    public override async Task<ImageGenerationResponse> GenerateAsync(
        ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var scope = steps.Begin();
        return await base.GenerateAsync(request, options, cancellationToken);
    }

    [SuppressMessage("Usage", "CA2215", Justification = "What is within is shared.")]
    protected override void Dispose(bool disposing)
    {
    }
}
