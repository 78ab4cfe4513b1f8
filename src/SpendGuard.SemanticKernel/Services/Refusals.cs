using Microsoft.SemanticKernel;
using SpendGuard.SemanticKernel.Providers;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>Why a service has no guard, and what to put in its place.</summary>
internal static class Refusals
{
    private const string OrAllow = "Where nobody bills for it, allow it: AddSpendGuard(agent, configure: o => o.AllowedServices.Add(typeof(…))).";

    public static UnguardedServiceException NoGuard(string name, Type service) => new(
        name,
        "There is no guard for services of this kind.",
        (service.FullName switch
        {
            "Microsoft.SemanticKernel.Embeddings.ITextEmbeddingGenerationService" =>
                $"Register an IEmbeddingGenerator<string, Embedding<float>> in its place, as {Connectors.AddEmbeddingGenerator} does.",
            "Microsoft.SemanticKernel.TextToImage.ITextToImageService" => "Register an IImageGenerator in its place.",
            "Microsoft.SemanticKernel.TextToAudio.ITextToAudioService" => "Register an ITextToSpeechClient in its place.",
            "Microsoft.SemanticKernel.AudioToText.IAudioToTextService" => "Register an ISpeechToTextClient in its place.",
            "Microsoft.SemanticKernel.ImageToText.IImageToTextService" => "Register an IChatClient in its place, and give it the image.",
            _ when service.IsClass => "Register it as an IChatClient or IEmbeddingGenerator.",
            _ => "Leave it out, or let it call the provider through the sidecar.",
        }) + " " + OrAllow);

    public static UnguardedServiceException Connector(string name, Type connector) => new(
        name,
        $"{ModelServices.Name(connector)} calls the model any number of times for one call to it, and what each cost cannot be told.",
        $"Register the provider's IChatClient in its place, as {Connectors.AddChatClient} does; Semantic Kernel uses it for chat and prompts alike. "
        + OrAllow);

    public static UnguardedServiceException Pipeline(string name, string reason) => new(
        name, reason, "Register the client without these decorators, or put UseSpendGuard last in its pipeline.");
}
