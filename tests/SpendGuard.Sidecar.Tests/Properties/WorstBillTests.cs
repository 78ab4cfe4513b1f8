using System.Collections.Concurrent;
using System.Text.Json;
using CsCheck;
using SpendGuard.Billing;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Tests.Dialects;
using SpendGuard.Sidecar.Tests.Fuzz;
using SpendGuard.Testing.Provider;
using Xunit.Abstractions;

namespace SpendGuard.Sidecar.Tests.Properties;

/// <summary>
/// Whatever is asked within the rules, a provider that uses the most it may does not bill more than is held: the whole output cap, for each
/// answer, with xAI's reasoning beyond it, every input token at the dearest it can be, and images at their largest.
/// </summary>
/// <remarks>The provider counts by code, a tokenizer and prices of its own. SPENDGUARD_SOAK=1 makes a hundred and fifty times as many requests.</remarks>
[Trait(Traits.Category, Traits.Slow)]
public sealed class WorstBillTests(ITestOutputHelper output)
{
    private static readonly int Requests = Soak.Rounds(400, 60_000);
    private static readonly ProviderPriceTable Prices = new(MadeUpModels.PriceList);

    [Fact]
    public Task Chat() => RunAsync(Routes.Chat, RequestGen.Chat(MadeUpModels.OpenAI).AtAnyTier());

    [Fact]
    public Task Responses() => RunAsync(Routes.Responses, RequestGen.Responses(MadeUpModels.OpenAI).AtAnyTier());

    [Fact]
    public Task ResponsesThatSearch() => RunAsync(Routes.Responses, RequestGen.ResponsesThatSearch("gpt-4o-made-up", "gpt-5-made-up").AtAnyTier());

    [Fact]
    public Task AnthropicThatSearches() => RunAsync(Routes.Anthropic, RequestGen.AnthropicThatSearches(MadeUpModels.Anthropic));

    [Fact]
    public Task Embeddings() => RunAsync(Routes.Embeddings, RequestGen.Embeddings(MadeUpModels.Embeddings));

    [Fact]
    public Task Anthropic() => RunAsync(Routes.Anthropic, RequestGen.Anthropic(MadeUpModels.Anthropic));

    [Theory]
    [InlineData("gemini-made-up-pro")]
    [InlineData("gemini-made-up-steep")]
    public Task Gemini(string model) => RunAsync(Routes.Gemini(model), RequestGen.Gemini());

    [Fact]
    public Task GeminiInOpenAIsFormat() => RunAsync(Routes.GeminiChat, RequestGen.Chat(MadeUpModels.Gemini));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task GeminiEmbeddings(bool isBatch) =>
        RunAsync(Routes.GeminiEmbeddings(MadeUpModels.GeminiEmbeddings, isBatch), RequestGen.GeminiEmbeddings(MadeUpModels.GeminiEmbeddings, isBatch));

    [Fact]
    public Task GrokChat() => RunAsync(Routes.GrokChat, RequestGen.Chat(MadeUpModels.Grok));

    [Fact]
    public Task GrokResponses() => RunAsync(Routes.GrokResponses, RequestGen.Responses(MadeUpModels.Grok));

    /// <summary>Where the tokenizer is published, no more is held than the worst case, but for the template around the words.</summary>
    [Fact]
    public Task ChatInWords_HoldIsWithinTenPercent() => RunAsync(Routes.Chat, RequestGen.ChatInWords(MadeUpModels.OpenAIInWords), most: 1.10m);

    [Fact]
    public Task ResponsesInWords_HoldIsWithinTenPercent() =>
        RunAsync(Routes.Responses, RequestGen.ResponsesInWords(MadeUpModels.OpenAIInWords), most: 1.10m);

    [Fact]
    public Task EmbeddingsInWords_HoldIsWithinTenPercent() =>
        RunAsync(Routes.Embeddings, RequestGen.EmbeddingsInWords(MadeUpModels.Embeddings), most: 1.10m);

    private async Task RunAsync(Route route, Gen<string> bodies, decimal? most = null)
    {
        await using var budget = await FuzzedBudget.OpenAsync(MadeUpModels.Cards);
        var ratios = new ConcurrentBag<decimal>();
        await bodies.SampleAsync(
            async body =>
            {
                using var document = JsonDocument.Parse(body);
                var call = route.Dialect.Read(SampleCall.Of(route.Provider, route.Dialect, document.RootElement, route.Model));
                var reserved = await budget.ReserveAsync(Counted(call));
                using var sent = new MemoryStream(route.Dialect.Cap(call, reserved.Grant).ToArray());
                var bill = await WorstBill.OfAsync(route.ProviderPath, sent, Prices);
                var held = reserved.Reservation.Held.Microcents;
                await reserved.EndAsync(ProviderReport.NotBilled);
                if (bill > 0)
                {
                    ratios.Add((decimal)held / bill);
                }

                Assert.True(bill <= held, $"The worst bill is {bill} microcents, and only {held} are held.");
                Assert.False(held > bill * most, $"The worst bill is {bill} microcents, and {held} are held.");
            },
            iter: Requests);

        var sorted = ratios.Order().ToList();
        output.WriteLine($"{route.ProviderPath}: {sorted.Count} requests, hold / worst bill {sorted[0]:0.000} to {sorted[^1]:0.000}, median {sorted[sorted.Count / 2]:0.000}");
    }

    /// <summary>The call as it is held where its bytes do not fit the budget: the closest bound, which is never above the other.</summary>
    private static Call Counted(Call call)
    {
        var closest = call.Shape.Input is { CanCount: true } input ? Math.Min(input.Count(CancellationToken.None), call.Shape.InputBound) : call.Shape.InputBound;
        return call with { Shape = call.Shape with { InputBound = closest, Input = null } };
    }
}
