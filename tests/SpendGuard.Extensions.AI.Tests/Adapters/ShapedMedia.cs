#pragma warning disable MEAI001 // All clients for images and speech are experimental.

using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI.Tests.Adapters;

/// <summary>Adapters for images and speech that no SDK stands behind: they answer with what a test has them answer with, piece by piece, and may break then.</summary>
internal sealed class ShapedMedia(string model, bool breaks, params (AIContent[] Contents, bool Closes)[] pieces)
    : IImageGenerator, ISpeechToTextClient, ITextToSpeechClient
{
    private IList<AIContent> Contents => [.. pieces.SelectMany(piece => piece.Contents).Where(content => content is not UsageContent)];

    private UsageDetails? Usage => pieces.SelectMany(piece => piece.Contents).OfType<UsageContent>().SingleOrDefault()?.Details;

    public Task<ImageGenerationResponse> GenerateAsync(
        ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new ImageGenerationResponse(Contents) { Usage = Usage });

    public Task<SpeechToTextResponse> GetTextAsync(
        Stream audioSpeechStream, SpeechToTextOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new SpeechToTextResponse(Contents) { Usage = Usage });

    public Task<TextToSpeechResponse> GetAudioAsync(string text, TextToSpeechOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new TextToSpeechResponse(Contents) { Usage = Usage });

    public IAsyncEnumerable<SpeechToTextResponseUpdate> GetStreamingTextAsync(
        Stream audioSpeechStream, SpeechToTextOptions? options = null, CancellationToken cancellationToken = default) =>
        StreamAsync(
            (contents, closes) => new SpeechToTextResponseUpdate(contents)
            {
                Kind = closes ? SpeechToTextResponseUpdateKind.SessionClose : SpeechToTextResponseUpdateKind.TextUpdated,
            },
            cancellationToken);

    public IAsyncEnumerable<TextToSpeechResponseUpdate> GetStreamingAudioAsync(
        string text, TextToSpeechOptions? options = null, CancellationToken cancellationToken = default) =>
        StreamAsync(
            (contents, closes) => new TextToSpeechResponseUpdate(contents)
            {
                Kind = closes ? TextToSpeechResponseUpdateKind.SessionClose : TextToSpeechResponseUpdateKind.AudioUpdated,
            },
            cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ImageGeneratorMetadata) ? new ImageGeneratorMetadata("openai", defaultModelId: model)
        : serviceType == typeof(SpeechToTextClientMetadata) ? new SpeechToTextClientMetadata("openai", defaultModelId: model)
        : serviceType == typeof(TextToSpeechClientMetadata) ? new TextToSpeechClientMetadata("openai", defaultModelId: model)
        : null;

    public void Dispose()
    {
    }

    private async IAsyncEnumerable<TUpdate> StreamAsync<TUpdate>(
        Func<IList<AIContent>, bool, TUpdate> make, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (contents, closes) in pieces)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return make([.. contents], closes);
        }

        if (breaks)
        {
            throw new IOException("The connection is cut here.");
        }
    }
}
