using System.Collections.Immutable;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects;

/// <summary>Where a call has to be served, and how fast, multiplies its price: what is held, and what is charged.</summary>
public sealed class ResidencyTests
{
    private const string Messages = "/v1/messages";

    private static ProviderPrice Sonnet => new("claude-sonnet-5", 200, 1000)
    {
        CachedInput = 20,
        CacheWrite = 250,
        CacheWriteOneHour = 400,
        Tiers = new Dictionary<string, decimal>(StringComparer.Ordinal) { ["us"] = 1.1m, ["fast"] = 2 },
    };

    [Theory]
    [InlineData("https://api.openai.com/v1", 1.0)]
    [InlineData("https://eu.api.openai.com/v1", 1.1)]
    [InlineData("https://us.api.openai.com/v1", 1.1)]
    [InlineData("https://EU.API.OPENAI.COM/v1", 1.1)]
    [InlineData("https://api.x.ai/v1", 1.0)]
    [InlineData("https://us-east-1.api.x.ai/v1", 1.1)]
    [InlineData("https://notapi.openai.com/v1", 1.0)]
    [InlineData("http://127.0.0.1:1/v1", 1.0)]
    public void Address_OfARegion_HasASurcharge(string address, double factor) =>
        Assert.Equal((decimal)factor, new Provider("openai", address, Wings.OpenAI, Key: null, "OPENAI_API_KEY").ResidencyFactor);

    [Theory]
    [InlineData("")]
    [InlineData(""" "stream": true, """)]
    public async Task Message_ThatStaysInTheUs_CostsATenthMore(string stream)
    {
        await using var call = await DearestCall.StartAsync(Sonnet);
        var (held, charged) = await call.MakeAsync(
            Messages,
            $$"""{ "model": "claude-sonnet-5", {{stream}} "max_tokens": 100, "inference_geo": "us", "messages": [{ "role": "user", "content": [{ "type": "document", "source": { "type": "file", "file_id": "f" } }] }] }""",
            new SimulatedUsage(1_000_000, 100) { CacheWriteTokens = 1_000_000 },
            "us");

        Assert.Equal("us", call.Sent.GetProperty("inference_geo").GetString());
        Assert.Equal((1_000_000 * 275) + (100 * 1_100), held);
        Assert.Equal(held, charged);
    }

    [Fact]
    public async Task Message_FastWithAPrice_IsHeldForAndStacks()
    {
        await using var call = await DearestCall.StartAsync(Sonnet);
        call.AddPrice(new RateCard
        {
            Model = new ModelKey("anthropic", "claude-sonnet-5"),
            Rates = new TokenRates { Input = Rate.FromMicrocents(200), Output = Rate.FromMicrocents(1_000), CacheWrite = Rate.FromMicrocents(250) },
            ServiceTiers = ImmutableDictionary<string, ServiceTier>.Empty.Add("fast", new ServiceTier(2, 2)),
            MaxInputTokens = 1_000,
        });
        var (held, charged) = await call.MakeAsync(
            Messages,
            """{ "model": "claude-sonnet-5", "max_tokens": 100, "speed": "fast", "inference_geo": "us", "messages": [{ "role": "user", "content": [{ "type": "document", "source": { "type": "file", "file_id": "f" } }] }] }""",
            new SimulatedUsage(1_000, 100) { CacheWriteTokens = 1_000 },
            "us",
            "fast");

        Assert.Equal((1_000 * 550) + (100 * 2_200), held);
        Assert.Equal(held, charged);
    }

    [Fact]
    public async Task Message_OfAModelThatTakesNoRegion_IsRefused()
    {
        await using var call = await DearestCall.StartAsync();

        Assert.Contains(
            "'inference_geo'",
            await call.RefusedAsync(
                Messages, """{ "model": "claude-haiku-4-5", "max_tokens": 100, "inference_geo": "us", "messages": [{ "role": "user", "content": "x" }] }"""),
            StringComparison.Ordinal);
    }
}
