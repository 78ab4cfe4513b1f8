using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>Options by the abstractions' own way to copy, which no class of the caller's has a part in.</summary>
/// <remarks>Where a call has no options, and the guard makes none of the provider's own for it, there are none to send.</remarks>
internal static class CopiedOptions
{
    public static EmbeddingGenerationOptions? Of(EmbeddingGenerationOptions? options) => options is null ? null : new ForEmbeddings(options);

    public static EmbeddingGenerationOptions? Sent(EmbeddingGenerationOptions? options, Func<long, object?>? raw)
    {
        var sent = raw is null ? options : options ?? new();
        sent?.RawRepresentationFactory ??= raw is null ? null : _ => raw(0);
        return sent;
    }

    [Experimental("MEAI001")]
    public static ImageGenerationOptions? Of(ImageGenerationOptions? options) => options is null ? null : new ForImages(options);

    [Experimental("MEAI001")]
    public static ImageGenerationOptions? Sent(ImageGenerationOptions? options, Func<long, object?>? raw)
    {
        var sent = raw is null ? options : options ?? new();
        sent?.RawRepresentationFactory ??= raw is null ? null : _ => raw(0);
        return sent;
    }

    [Experimental("MEAI001")]
    public static SpeechToTextOptions? Of(SpeechToTextOptions? options) => options is null ? null : new ForListening(options);

    [Experimental("MEAI001")]
    public static SpeechToTextOptions? Sent(SpeechToTextOptions? options, Func<long, object?>? raw)
    {
        var sent = raw is null ? options : options ?? new();
        sent?.RawRepresentationFactory ??= raw is null ? null : _ => raw(0);
        return sent;
    }

    [Experimental("MEAI001")]
    public static TextToSpeechOptions? Of(TextToSpeechOptions? options) => options is null ? null : new ForSpeaking(options);

    [Experimental("MEAI001")]
    public static TextToSpeechOptions? Sent(TextToSpeechOptions? options, Func<long, object?>? raw)
    {
        var sent = raw is null ? options : options ?? new();
        sent?.RawRepresentationFactory ??= raw is null ? null : _ => raw(0);
        return sent;
    }

    private sealed class ForEmbeddings(EmbeddingGenerationOptions options) : EmbeddingGenerationOptions(options);

    [Experimental("MEAI001")]
    private sealed class ForImages : ImageGenerationOptions
    {
        public ForImages(ImageGenerationOptions options)
            : base(options)
        {
            // Version 10.11 of the abstractions forgets it.
            StreamingCount = options.StreamingCount;
        }
    }

    [Experimental("MEAI001")]
    private sealed class ForListening(SpeechToTextOptions options) : SpeechToTextOptions(options);

    [Experimental("MEAI001")]
    private sealed class ForSpeaking(TextToSpeechOptions options) : TextToSpeechOptions(options);
}
