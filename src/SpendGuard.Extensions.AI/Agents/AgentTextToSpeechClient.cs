using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>A text-to-speech client for one agent. The client within is shared, so it is not disposed of.</summary>
[Experimental("MEAI001")]
internal sealed class AgentTextToSpeechClient(ITextToSpeechClient inner, ScopedSteps steps) : DelegatingTextToSpeechClient(inner)
{
    public override async Task<TextToSpeechResponse> GetAudioAsync(
        string text, TextToSpeechOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var scope = steps.Begin();
        return await base.GetAudioAsync(text, options, cancellationToken);
    }

    public override IAsyncEnumerable<TextToSpeechResponseUpdate> GetStreamingAudioAsync(
        string text, TextToSpeechOptions? options = null, CancellationToken cancellationToken = default) =>
        steps.StreamAsync(token => InnerClient.GetStreamingAudioAsync(text, options, token), cancellationToken);

    [SuppressMessage("Usage", "CA2215", Justification = "What is within is shared.")]
    protected override void Dispose(bool disposing)
    {
    }
}
