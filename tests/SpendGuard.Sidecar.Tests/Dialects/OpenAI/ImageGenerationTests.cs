using System.Collections.Immutable;
using OpenAI.Images;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Tests.Properties;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects.OpenAI;

/// <summary>Images over HTTP: where a price document prices them, by the image or by the token, and nowhere else.</summary>
public sealed class ImageGenerationTests : IAsyncLifetime
{
    private const string Path = "/v1/images/generations";

    private SidecarFixture _sidecar = null!;
    private string _agent = null!;

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartAsync(MadeUpModels.PriceList);
        foreach (var card in MadeUpModels.Cards)
        {
            _sidecar.AddPrice(card);
        }

        _agent = await _sidecar.AgentAsync(cents: 10_000);
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData("dall-e-made-up")]
    [InlineData("gpt-image-made-up")]
    public async Task Sdk_BudgetLosesWhatTheProviderCharges(string model)
    {
        var held = _sidecar.WatchHolds(_agent);
        _sidecar.Provider.Behaviour = new Behaviour { OutputTokens = 6_240 };
        var images = await Sdk.Images(_sidecar.OpenAIEndpoint, _agent, model).GenerateImagesAsync(
            "A cat", 3, new ImageGenerationOptions { Size = GeneratedImageSize.W1024xH1024 });

        Assert.Equal(3, images.Value.Count);
        var spent = await _sidecar.AssertPaidAsBilledAsync(_agent);
        Assert.InRange(spent, model.StartsWith("dall-e", StringComparison.Ordinal) ? 3 * 4_500_000 : 3 * 6_240 * 3_000, held.Single());
    }

    [Fact]
    public async Task Answer_OfTokensThatTellsNoUsage_CostsWhatWasHeld()
    {
        var held = _sidecar.WatchHolds(_agent);
        _sidecar.Provider.Behaviour = new Behaviour { OmitUsage = true };
        await _sidecar.AskAsync(Path, _agent, """{"model":"gpt-image-made-up","prompt":"A cat"}""");

        Assert.Equal(held.Single(), await _sidecar.SpentAsync(_agent));
        Assert.True(held.Single() >= 6_240 * 3_000);
    }

    [Fact]
    public async Task Size_ThatACardPrices_IsHeldAtItsPrice()
    {
        _sidecar.AddPrice(new RateCard
        {
            Model = new ModelKey("openai", "dall-e-made-up/512x512"),
            Rates = new TokenRates { Input = Rate.Zero, Output = Rate.Zero },
            Fees = ImmutableDictionary<UsageCategory, Rate>.Empty.Add(UsageCategory.Image, Rate.FromCents(9)),
        });
        var held = _sidecar.WatchHolds(_agent);
        await _sidecar.AskAsync(Path, _agent, """{"model":"dall-e-made-up","prompt":"A cat","n":2,"size":"512x512"}""");

        Assert.Equal(2 * 9_000_000, held.Single());
        Assert.Equal(2 * 9_000_000, await _sidecar.SpentAsync(_agent));
        Assert.DoesNotContain("512x512", await _sidecar.Client.GetStringAsync(new Uri("/v1/models", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"gpt-image-2","prompt":"A cat"}""", "The call was refused: the cost of an image has no bound")]
    [InlineData("""{"model":"gpt-image-9","prompt":"A cat"}""", "Unknown model for pricing")]
    [InlineData("""{"model":"dall-e-made-up"}""", "'prompt' is missing")]
    [InlineData("""{"prompt":"A cat"}""", "'model' is missing")]
    [InlineData("""{"model":"dall-e-made-up","prompt":"A cat","quality":"hd"}""", "'quality' is 'hd', which is not priced")]
    [InlineData("""{"model":"gpt-image-made-up","prompt":"A cat","stream":true}""", "Field 'stream' is refused")]
    [InlineData("""{"model":"gpt-image-made-up","prompt":"A cat","partial_images":2}""", "Field 'partial_images' is refused")]
    [InlineData("""{"model":"gpt-image-made-up","prompt":"A cat","image":"data:"}""", "Field 'image' is not known")]
    [InlineData("""{"model":"gpt-image-made-up","prompt":"A cat","n":0}""", "'n' has to be")]
    public async Task Request_WithoutAPriceOrABound_IsRefused(string body, string sentence)
    {
        var reply = await _sidecar.AskAsync(Path, _agent, body);

        Assert.Equal(400, reply.Status);
        Assert.StartsWith(sentence, (string?)reply.Body["detail"], StringComparison.Ordinal);
        await _sidecar.AssertNothingHappenedAsync(_agent);
    }
}
