using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>A speech-to-text client for one agent. The client within is shared, so it is not disposed of.</summary>
[Experimental("MEAI001")]
internal sealed class AgentSpeechToTextClient(ISpeechToTextClient inner, ScopedSteps steps) : DelegatingSpeechToTextClient(inner)
{
    public override async Task<SpeechToTextResponse> GetTextAsync(
        Stream audioSpeechStream, SpeechToTextOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var scope = steps.Begin();
        return await base.GetTextAsync(audioSpeechStream, options, cancellationToken);
    }

    public override IAsyncEnumerable<SpeechToTextResponseUpdate> GetStreamingTextAsync(
        Stream audioSpeechStream, SpeechToTextOptions? options = null, CancellationToken cancellationToken = default) =>
        steps.StreamAsync(token => InnerClient.GetStreamingTextAsync(audioSpeechStream, options, token), cancellationToken);

    [SuppressMessage("Usage", "CA2215", Justification = "What is within is shared.")]
    protected override void Dispose(bool disposing)
    {
    }
}
