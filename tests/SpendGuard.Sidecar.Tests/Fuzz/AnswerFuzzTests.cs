using System.Text.Json;
using SpendGuard.Sidecar.Calls.Relay;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Dialects.Forms;
using SpendGuard.Sidecar.Dialects.Gemini;
using SpendGuard.Sidecar.Dialects.OpenAI;
using SpendGuard.Sidecar.Dialects.OpenAI.Chat;
using SpendGuard.Sidecar.Dialects.OpenAI.Responses;

namespace SpendGuard.Sidecar.Tests.Fuzz;

/// <summary>Whatever a provider answers, it is read without a fault, paid for, and put into the form of the run routes.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class AnswerFuzzTests
{
    private const int Rounds = 3_000;

    [Fact]
    public Task Chat() => RunAsync("openai", RequestCorpus.Chat[0], AnswerCorpus.OpenAI, new OpenAIChatDialect(OutputLimit.None), OpenAIRunForm.Instance);

    [Fact]
    public Task GrokChat() => RunAsync("grok", RequestCorpus.Chat[0], AnswerCorpus.OpenAI, new OpenAIChatDialect(OutputLimit.None), OpenAIRunForm.Instance);

    [Fact]
    public Task Responses() =>
        RunAsync("openai", RequestCorpus.Responses[0], AnswerCorpus.OpenAI, new OpenAIResponsesDialect(OutputLimit.None), OpenAIRunForm.Instance);

    [Fact]
    public Task Embeddings() =>
        RunAsync("openai", RequestCorpus.Embeddings[0], AnswerCorpus.OpenAI, new OpenAIEmbeddingsDialect(), OpenAIRunForm.Instance);

    [Fact]
    public Task Anthropic() => RunAsync(
        "anthropic", RequestCorpus.Anthropic[1], AnswerCorpus.Anthropic, new AnthropicMessagesDialect(), AnthropicRunForm.Instance);

    [Fact]
    public Task Gemini() =>
        RunAsync("gemini", RequestCorpus.Gemini[0], AnswerCorpus.Gemini, new GeminiDialect(), GeminiRunForm.Instance);

    private static async Task RunAsync(string provider, string request, string[] corpus, IDialect dialect, IAnswerForm form)
    {
        await using var budget = await FuzzedBudget.OpenAsync();
        await FuzzRounds.RunInParallelAsync(Rounds, async mutator =>
        {
            var body = mutator.Say(mutator.Mutate(mutator.Any(corpus)));
            var call = await budget.ReserveAsync(provider, dialect, request);
            var served = await AnswerReport.OfAsync(call, body);
            AnswerCorpus.AssertCounts(served.Usage);
            var settled = await FuzzedBudget.EndAsync(call, served);

            var (shaped, json) = form.Shape(call, mutator.Any([200, 201, 400, 500]), body, settled);
            Assert.True(shaped is 200 or 201 or 502);
            if (shaped == 502)
            {
                using var _ = JsonDocument.Parse(json);
            }
        });

        await budget.AssertNothingIsHeldAsync();
    }
}
