using System.Net;
using CsCheck;
using SpendGuard.Testing.Provider;
using Xunit.Abstractions;

namespace SpendGuard.Sidecar.Tests.Properties;

/// <summary>The same through the sidecar, over HTTP: the dearest provider takes no more than was held, and the budget loses what it takes.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class WorstBillOverHttpTests(ITestOutputHelper output)
{
    private static readonly int Requests = Soak.Rounds(25, 5_000);

    /// <summary>With it OpenAI takes tools among the input; it is of no account elsewhere.</summary>
    private static readonly (string, string) ToolsInInput = ("x-openai-internal-codex-responses-lite", "true");

    [Fact]
    public async Task EveryDialect_DearestProvider_TakesNoMoreThanIsHeld()
    {
        await using var sidecar = await SidecarFixture.StartAsync(MadeUpModels.PriceList);
        foreach (var card in MadeUpModels.Cards)
        {
            sidecar.AddPrice(card);
        }

        sidecar.Provider.Behaviour = new Behaviour { UseTheMost = true };
        await RunAsync(sidecar, Routes.Chat, RequestGen.Chat(MadeUpModels.OpenAI).AtAnyTier());
        await RunAsync(sidecar, Routes.Responses, RequestGen.Responses(MadeUpModels.OpenAI).AtAnyTier());
        await RunAsync(sidecar, Routes.Images, RequestGen.Images(MadeUpModels.Images));
        await RunAsync(sidecar, Routes.Responses, RequestGen.ResponsesThatSearch("gpt-4o-made-up", "gpt-5-made-up").AtAnyTier());
        await RunAsync(sidecar, Routes.Anthropic, RequestGen.AnthropicThatSearches("claude-made-up-small", "claude-made-up-steep"));
        await RunAsync(sidecar, Routes.Embeddings, RequestGen.Embeddings(MadeUpModels.Embeddings));
        await RunAsync(sidecar, Routes.Anthropic, RequestGen.Anthropic(MadeUpModels.Anthropic));
        await RunAsync(sidecar, Routes.Gemini("gemini-made-up-steep"), RequestGen.Gemini());
        await RunAsync(sidecar, Routes.GeminiChat, RequestGen.Chat(MadeUpModels.Gemini));
        foreach (var isBatch in (bool[])[false, true])
        {
            await RunAsync(
                sidecar,
                Routes.GeminiEmbeddings(MadeUpModels.GeminiEmbeddings, isBatch),
                RequestGen.GeminiEmbeddings(MadeUpModels.GeminiEmbeddings, isBatch));
        }

        await RunAsync(sidecar, Routes.GrokChat, RequestGen.Chat(MadeUpModels.Grok));
        await RunAsync(sidecar, Routes.GrokResponses, RequestGen.Responses(MadeUpModels.Grok));
        Assert.Empty(sidecar.Provider.Failures);
    }

    private async Task RunAsync(SidecarFixture sidecar, Route route, Gen<string> bodies)
    {
        var agent = await sidecar.AgentAsync(cents: 1_000_000_000);
        var holds = sidecar.WatchHolds(agent);
        var charges = new List<long>();
        await bodies.SampleAsync(
            async body =>
            {
                var before = (await sidecar.BudgetAsync(agent))!.Spent;
                using var response = await sidecar.PostAsync(route.Path, agent, body, headers: ToolsInInput);
                var answer = await response.Content.ReadAsStringAsync();
                Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {answer}");

                var charge = sidecar.Provider.Calls[^1].ChargeMicrocents;
                Assert.Equal(charge, (await sidecar.EndedAsync(agent)).Spent - before);
                Assert.True(charge <= holds[^1], $"{charge} microcents were charged, and only {holds[^1]} held.");
                charges.Add(charge);
            },
            iter: Requests,
            threads: 1);

        output.WriteLine($"{route.Path}: {charges.Count} calls, {holds.Sum()} microcents held and {charges.Sum()} charged");
    }
}
