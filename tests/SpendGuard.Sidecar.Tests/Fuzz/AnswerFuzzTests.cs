using System.Text.Json;
using SpendGuard.Budgets;
using SpendGuard.Metering;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Forwarding;

namespace SpendGuard.Sidecar.Tests.Fuzz;

/// <summary>Whatever a provider answers, it is read without a fault, and put into the form of the run routes.</summary>
public sealed class AnswerFuzzTests
{
    private const int Rounds = 3_000;

    private static readonly Settlement Settled = new()
    {
        ReservationId = new ReservationId("r"),
        End = ReservationEnd.Settled,
        Held = Money.FromMicrocents(1),
        Charged = Money.FromMicrocents(1),
        Budget = new Budget { Agent = new AgentId("a"), HardLimit = Money.FromMicrocents(1), Granted = Money.FromMicrocents(1) },
    };

    [Fact]
    public Task Chat() => RunAsync(AnswerCorpus.OpenAI, new OpenAIChatDialect(OutputLimit.None), RunRouteForm.Instance);

    [Fact]
    public Task Responses() => RunAsync(AnswerCorpus.OpenAI, new OpenAIResponsesDialect(OutputLimit.None), RunRouteForm.Instance);

    [Fact]
    public Task Anthropic() => RunAsync(AnswerCorpus.Anthropic, new AnthropicMessagesDialect(), new AnthropicRunForm(new AnthropicMessagesDialect()));

    [Fact]
    public Task Gemini() => RunAsync(AnswerCorpus.Gemini, new GeminiDialect(), new GeminiRunForm(new GeminiDialect()));

    private static async Task RunAsync(string[] corpus, IDialect dialect, IAnswerForm form)
    {
        using var empty = JsonDocument.Parse("{}");
        var request = new DialectRequest("openai", empty.RootElement, new TokenCounters(), new FieldPolicy(Strict: true));
        await FuzzRounds.RunAsync(Rounds, mutator =>
        {
            var body = mutator.Say(mutator.Mutate(mutator.Any(corpus)));
            AnswerCorpus.AssertCounts(WholeRelay.Read(dialect, request, body).Usage);
            var status = mutator.Any([200, 201, 400, 500]);
            var (shaped, json) = form.Shape(status, body, Settled);
            Assert.True(shaped is 200 or 201 or 502);
            if (shaped == 502)
            {
                using var _ = JsonDocument.Parse(json);
            }
        });
    }
}
