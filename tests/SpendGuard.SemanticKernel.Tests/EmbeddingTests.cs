#pragma warning disable SKEXP0001, SKEXP0010, CS0618 // The services that embedding generators replace are obsolete, and bill all the same.

using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Embeddings;

namespace SpendGuard.SemanticKernel.Tests;

/// <summary>The row of the matrix for embeddings: generators are metered, the services that they replace are refused.</summary>
public sealed class EmbeddingTests : IAsyncLifetime
{
    private const string Model = "text-embedding-3-small";

    private GuardedKernel _guarded = null!;

    public async Task InitializeAsync() => _guarded = await GuardedKernel.StartAsync();

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("keyed")]
    public async Task Generator_IsMetered(string? key)
    {
        var kernel = Build(services => services.AddOpenAIEmbeddingGenerator(Model, _guarded.OpenAI, serviceId: key));
        var embeddings = await kernel.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>(key).GenerateAsync(["hello world"]);

        Assert.Single(embeddings);
        await _guarded.AssertHeldAndBilledAsync(calls: 1);
    }

    [Fact]
    public async Task Generator_AsTheServiceThatItReplaces_IsMetered()
    {
        var kernel = Build(services => services.AddOpenAIEmbeddingGenerator(Model, _guarded.OpenAI));
        var service = kernel.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>().AsTextEmbeddingGenerationService();
        await service.GenerateEmbeddingsAsync(["hello world"]);

        await _guarded.AssertHeldAndBilledAsync(calls: 1);
    }

    [Fact]
    public async Task Generator_IsGuardedAlready_IsMeteredOnce()
    {
        var generator = _guarded.OpenAI.GetEmbeddingClient(Model).AsIEmbeddingGenerator().AsBuilder().UseSpendGuard("a", _guarded.Engine).Build();
        var kernel = Build(services => services.AddSingleton(generator));
        await kernel.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>().GenerateAsync(["hello world"]);

        await _guarded.AssertHeldAndBilledAsync(calls: 1);
    }

    [Theory]
    [InlineData("adapter")]
    [InlineData("connector")]
    public async Task TextEmbeddingService_IsRefusedWithItsReplacement(string service)
    {
        var generator = _guarded.OpenAI.GetEmbeddingClient(Model).AsIEmbeddingGenerator();
        var kernel = Build(services => _ = service == "adapter"
            ? services.AddSingleton(generator.AsTextEmbeddingGenerationService())
            : services.AddOpenAITextEmbeddingGeneration(Model, _guarded.OpenAI));
        var refusal = Assert.Throws<UnguardedServiceException>(() => kernel.GetRequiredService<ITextEmbeddingGenerationService>());

        Assert.Contains("AddOpenAIEmbeddingGenerator", refusal.Message, StringComparison.Ordinal);
        await _guarded.AssertNothingHappenedAsync();
    }

    private Kernel Build(Action<IServiceCollection> register)
    {
        var builder = Kernel.CreateBuilder();
        register(builder.Services);
        return builder.AddSpendGuard("a", _guarded.Engine).Build();
    }
}
