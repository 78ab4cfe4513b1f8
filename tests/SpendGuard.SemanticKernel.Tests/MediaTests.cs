#pragma warning disable MEAI001, SKEXP0001, SKEXP0010 // The services of images and speech are experimental; what they cost is not.

using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.AudioToText;
using Microsoft.SemanticKernel.TextToAudio;
using Microsoft.SemanticKernel.TextToImage;
using SpendGuard.Extensions.AI;

namespace SpendGuard.SemanticKernel.Tests;

/// <summary>Images and speech are guarded as what the abstractions have for them, and refused as what Semantic Kernel had before.</summary>
public sealed class MediaTests : IAsyncLifetime
{
    private GuardedKernel _guarded = null!;

    public async Task InitializeAsync() => _guarded = await GuardedKernel.StartAsync();

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Services_OfTheAbstractions_AreGuardedOnce(bool already)
    {
        object? registered = null;
        var kernel = Build(services =>
        {
            var images = _guarded.OpenAI.GetImageClient("gpt-image-1").AsIImageGenerator();
            var listener = _guarded.OpenAI.GetAudioClient("whisper-1").AsISpeechToTextClient();
            var speaker = _guarded.OpenAI.GetAudioClient("tts-1").AsITextToSpeechClient();
            images = already ? images.AsBuilder().UseSpendGuard("a", _guarded.Engine).Build() : images;
            registered = images.GetService(typeof(SpendGuardImageGenerator));
            services.AddSingleton(images);
            services.AddSingleton(already ? listener.AsBuilder().UseSpendGuard("a", _guarded.Engine).Build() : listener);
            services.AddSingleton(already ? speaker.AsBuilder().UseSpendGuard("a", _guarded.Engine).Build() : speaker);
        });

        Assert.NotNull(kernel.GetRequiredService<IImageGenerator>().GetService(typeof(SpendGuardImageGenerator)));
        Assert.NotNull(kernel.GetRequiredService<ISpeechToTextClient>().GetService(typeof(SpendGuardSpeechToTextClient)));
        Assert.NotNull(kernel.GetRequiredService<ITextToSpeechClient>().GetService(typeof(SpendGuardTextToSpeechClient)));
        Assert.Equal(already, ReferenceEquals(registered, kernel.GetRequiredService<IImageGenerator>().GetService(typeof(SpendGuardImageGenerator))));
    }

    [Fact]
    public void ServicesOfSemanticKernel_AreRefusedWithTheirReplacement()
    {
        var kernel = Build(services => services
            .AddOpenAITextToImage("key", modelId: "dall-e-3")
            .AddOpenAITextToAudio("tts-1", "key")
            .AddOpenAIAudioToText("whisper-1", "key"));

        AssertRefused<ITextToImageService>("IImageGenerator");
        AssertRefused<ITextToAudioService>("ITextToSpeechClient");
        AssertRefused<IAudioToTextService>("ISpeechToTextClient");

        void AssertRefused<T>(string replacement)
            where T : class => Assert.Contains(
                replacement, Assert.Throws<UnguardedServiceException>(() => kernel.GetRequiredService<T>()).Message, StringComparison.Ordinal);
    }

    private Kernel Build(Action<IServiceCollection> register)
    {
        var builder = Kernel.CreateBuilder();
        register(builder.Services);
        return builder.AddSpendGuard("a", _guarded.Engine).Build();
    }
}
