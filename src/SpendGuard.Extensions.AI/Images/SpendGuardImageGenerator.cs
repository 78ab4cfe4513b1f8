using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>An image generator that lets no call through before its worst case is held in an agent's budget, and settles its cost.</summary>
/// <remarks>
/// A model is billed by the image (<c>image_cents_per_image</c> in its rate card) or by the token (<c>max_output_tokens</c> is then what one
/// image can come to); a model with neither is refused. A card named <c>model/WIDTHxHEIGHT</c> prices images of that size. The last content
/// of an answer says in its additional properties what the call cost.
/// It is thread-safe if the inner generator is. Each attempt that it makes by .NET's HTTP handler has a
/// hold; of one that sends otherwise, turn the retries off.
/// </remarks>
// The id is that of the abstractions: who has taken their risk has taken this one.
[Experimental("MEAI001")]
public sealed class SpendGuardImageGenerator : DelegatingImageGenerator
{
    private readonly CallGuard _guard;

    /// <summary>Decorates a generator.</summary>
    /// <param name="innerGenerator">The provider's generator.</param>
    /// <param name="agent">The agent that calls count for outside of a <see cref="SpendGuardScope"/>.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="settings">How calls are guarded; as it is unless set when null.</param>
    /// <exception cref="InvalidOperationException">The inner generator is, or has within it, one of this kind.</exception>
    public SpendGuardImageGenerator(IImageGenerator innerGenerator, AgentId agent, SpendGuardEngine engine, GuardSettings? settings = null)
        : this(innerGenerator, () => agent.Value, engine, settings)
    {
    }

    /// <summary>Decorates a generator that several agents share.</summary>
    /// <param name="innerGenerator">As in the other constructor.</param>
    /// <param name="currentAgent">
    /// Names the agent that is running. Asked at the start of each call outside of a <see cref="SpendGuardScope"/>; when it gives null, the call is
    /// refused.
    /// </param>
    /// <param name="engine">The engine.</param>
    /// <param name="settings">As in the other constructor.</param>
    /// <exception cref="InvalidOperationException">As in the other constructor.</exception>
    public SpendGuardImageGenerator(IImageGenerator innerGenerator, Func<string?> currentAgent, SpendGuardEngine engine, GuardSettings? settings = null)
        : base(innerGenerator)
    {
        settings ??= new GuardSettings();
        var below = ClientsBelow.Of(innerGenerator);
        var metadata = innerGenerator.GetService<ImageGeneratorMetadata>();
        var client = new BilledClient(metadata?.ProviderName, metadata?.ProviderUri, metadata?.DefaultModelId, below)
        {
            Below = PipelineOrder.Check(innerGenerator.GetService<SpendGuardImageGenerator>() is not null, below, settings.AllowedFeatures),
        };
        _guard = new CallGuard(engine, currentAgent, settings, client);
    }

    /// <inheritdoc/>
    /// <exception cref="SpendGuardException">The call was refused; nothing was sent.</exception>
    public override async Task<ImageGenerationResponse> GenerateAsync(
        ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return await _guard.CallAsync(
            () => Describe(request, options),
            (copy, _, upstream) => base.GenerateAsync(copy.Request, CopiedOptions.Sent(copy.Options, _guard.RawOptions), upstream),
            ImageUsage.Read,
            response => response.Contents is [.., var last] ? last.AdditionalProperties ??= [] : null,
            cancellationToken);
    }

    private PrivateCall<(ImageGenerationRequest Request, ImageGenerationOptions? Options)> Describe(
        ImageGenerationRequest request, ImageGenerationOptions? options)
    {
        var contents = new ContentCopy(_guard.Terms.SendsWhatItDoesNotKnow);
        var copy = new ImageGenerationRequest
        {
            Prompt = request.Prompt,
            OriginalImages = request.OriginalImages is { } originals ? contents.Of(originals) : null,
        };
        var copied = CopiedOptions.Of(options);
        var model = ImageCallShape.PricedModel(_guard.Terms.OnlyModelOf(copied?.ModelId), copied?.ImageSize, _guard.Terms.Prices);
        var features = _guard.Terms.Features(copied?.RawRepresentationFactory is not null, copied?.AdditionalProperties);
        return new((copy, copied), model, ImageCallShape.Of(copy, copied, model, _guard.Terms.CardsOf(model), _guard.Terms.Counters, features));
    }
}
