#pragma warning disable MEAI001, SKEXP0001 // The services of images and speech are experimental; what they cost is not.

using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace SpendGuard.SemanticKernel.Tests;

/// <summary>How each kind of service is guarded can be set up, and a refusal that takes it says so.</summary>
public sealed class ConfigureTests : IAsyncLifetime
{
    private GuardedKernel _guarded = null!;

    public async Task InitializeAsync() => _guarded = await GuardedKernel.StartAsync();

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData("chat client")]
    [InlineData("connector")]
    [InlineData("embeddings")]
    [InlineData("images")]
    [InlineData("listener")]
    [InlineData("speaker")]
    public async Task Service_IsSetUp_AsItsKindIs(string kind)
    {
        var builder = Kernel.CreateBuilder();
        builder.Services.AddKeyedSingleton("chat", _guarded.OpenAI.GetChatClient("gpt-4o").AsIChatClient());
        _guarded.Add(builder, Service.Connector);
        builder.Services.AddSingleton(_guarded.OpenAI.GetEmbeddingClient("text-embedding-3-small").AsIEmbeddingGenerator());
        builder.Services.AddSingleton(_guarded.OpenAI.GetImageClient("gpt-image-1").AsIImageGenerator());
        builder.Services.AddSingleton(_guarded.OpenAI.GetAudioClient("whisper-1").AsISpeechToTextClient());
        builder.Services.AddSingleton(_guarded.OpenAI.GetAudioClient("tts-1").AsITextToSpeechClient());
        var kernel = builder.AddSpendGuard("a", _guarded.Engine, options => options
            .ConfigureChatClient(chat => chat.Provider = "ours")
            .ConfigureChatClient(chat => chat.Model = "chat")
            .ConfigureEmbeddingGenerator(generator => (generator.Provider, generator.Model) = ("ours", "embeddings"))
            .ConfigureImageGenerator(generator => (generator.Provider, generator.Model) = ("ours", "images"))
            .ConfigureSpeechToTextClient(client => (client.Provider, client.Model, client.MaxAudioDuration) = ("ours", "listener", TimeSpan.FromMinutes(1)))
            .ConfigureTextToSpeechClient(client => (client.Provider, client.Model) = ("ours", "speaker"))).Build();

        var refusal = await Assert.ThrowsAsync<UnknownModelException>(() => kind switch
        {
            "chat client" => kernel.GetRequiredService<IChatClient>("chat").GetResponseAsync("hello"),
            "connector" => kernel.GetRequiredService<IChatCompletionService>().GetChatMessageContentAsync("hello"),
            "embeddings" => kernel.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>().GenerateAsync(["hello"]),
            "images" => kernel.GetRequiredService<IImageGenerator>().GenerateAsync(new ImageGenerationRequest("a jar")),
            "listener" => kernel.GetRequiredService<ISpeechToTextClient>().GetTextAsync(Stream.Null),
            _ => (Task)kernel.GetRequiredService<ITextToSpeechClient>().GetAudioAsync("hello"),
        });
        Assert.Contains($"ours:{(kind is "chat client" or "connector" ? "chat" : kind)}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("ConfigureChatClient and its like for a kernel", refusal.Message, StringComparison.Ordinal);
        await _guarded.AssertNothingHappenedAsync();
    }

    /// <summary>A class of one's own above a guard may have other ways to a provider than through it.</summary>
    [Fact]
    public void Guard_IsWithinAClassOfOnesOwn_IsNotTakenForOneOfEveryCall()
    {
        var guarded = _guarded.OpenAI.GetEmbeddingClient("text-embedding-3-small").AsIEmbeddingGenerator()
            .AsBuilder().UseSpendGuard("a", _guarded.Engine).Build();
        var builder = Kernel.CreateBuilder();
        builder.Services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(new Either(guarded));
        var kernel = builder.AddSpendGuard("a", _guarded.Engine).Build();
        Assert.Throws<UnguardedServiceException>(() => kernel.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>());
    }

    private sealed class Either(IEmbeddingGenerator<string, Embedding<float>> first) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => first.GetService(serviceType, serviceKey);

        public void Dispose() => first.Dispose();
    }
}
