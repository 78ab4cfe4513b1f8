#pragma warning disable MEAI001, OPENAI001 // All clients for images and speech are experimental.

using System.ClientModel;
using System.Text;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Images;
using SpendGuard.Budgets;
using SpendGuard.Extensions.AI.Tests.Media;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using ImageGenerationOptions = Microsoft.Extensions.AI.ImageGenerationOptions;

namespace SpendGuard.Extensions.AI.Tests.Copies;

/// <summary>The same for the other kinds of clients.</summary>
public sealed class ChangedMediaTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Embeddings_AreChangedWhileTheHoldWaits_BillIsWithinTheHold(bool sameList)
    {
        await using var guarded = await Guarded.StartAsync();
        await guarded.SetBudgetAsync(Money.FromDollars(1));
        List<string> inputs = ["one", "two"];
        var options = new EmbeddingGenerationOptions();
        guarded.Store.Refuse = command =>
        {
            if (command is Reserve)
            {
                inputs.Add(string.Concat(Enumerable.Repeat("three ", 1_000)));
                options.ModelId = "text-embedding-3-large";
            }

            return false;
        };
        var generator = guarded.Embeddings().AsBuilder().UseSpendGuard("a", guarded.Engine).Build();
        var embeddings = await generator.GenerateAsync(sameList ? inputs : inputs.Select(input => input), options);

        Assert.Equal(2, embeddings.Count);
        Assert.Equal("text-embedding-3-small", Assert.Single(guarded.Provider.Calls).Model);
        await guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task Images_AreChangedWhileTheHoldWaits_AreTheOnesThatWereHeldFor()
    {
        await using var provider = await MediaProvider.StartAsync();
        var store = new WatchedStore(new InMemoryBudgetStore());
        await using var engine = new SpendGuardEngine(store, new Prices(PriceBook.Parse(Encoding.UTF8.GetBytes("""
            {"schema_version":"1","generated_at":"2026-11-23T00:00:00Z","rates":{"openai":{
              "dall-e-3":{"input_cents_per_1m":0,"output_cents_per_1m":0,"image_cents_per_image":12}}}}
            """), "the test")));
        await engine.SetBudgetAsync("a", Money.FromDollars(10));
        var request = new ImageGenerationRequest("a jar");
        var options = new ImageGenerationOptions { Count = 1 };
        store.Refuse = command =>
        {
            if (command is Reserve)
            {
                options.Count = 10;
                request.Prompt = "many jars";
            }

            return false;
        };
        var generator = new ImageClient("dall-e-3", new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = provider.Endpoint })
            .AsIImageGenerator().AsBuilder().UseSpendGuard("a", engine).Build();
        var response = await generator.GenerateAsync(request, options);

        Assert.Single(response.Contents);
        Assert.Equal(provider.Bill, (await engine.FindBudgetAsync("a"))!.Spent.Microcents);
        await store.CloseAsync();
    }
}
