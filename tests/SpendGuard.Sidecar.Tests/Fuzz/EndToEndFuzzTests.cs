using System.Text;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Fuzz;

/// <summary>The same through the whole sidecar: no request and no answer makes it fail, or cost more than was held and spent.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class EndToEndFuzzTests
{
    private const int Rounds = 200;
    private const int Cents = 100_000_000;

    private static readonly (string Path, string[] Bodies)[] Routes =
    [
        ("/v1/chat/completions", RequestCorpus.Chat),
        ("/grok/v1/chat/completions", [.. RequestCorpus.Chat.Select(Grok)]),
        ("/v1/responses", RequestCorpus.Responses),
        ("/grok/v1/responses", [.. RequestCorpus.Responses.Select(Grok)]),
        ("/v1/embeddings", RequestCorpus.Embeddings),
        ("/v1/messages", RequestCorpus.Anthropic),
        ("/v1beta/models/gemini-2.5-flash:generateContent", RequestCorpus.Gemini),
        ("/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", RequestCorpus.Gemini),
        ("/v1/agents/{0}/runs/r/openai/chat/completions", RequestCorpus.Chat),
        ("/v1/agents/{0}/runs/r/anthropic/messages", RequestCorpus.Anthropic),
        ("/v1/agents/{0}/runs/r/gemini/generateContent", RequestCorpus.GeminiPrompt),
    ];

    private static readonly Behaviour[] Behaviours =
    [
        Behaviour.Honest,
        new() { GenerateToTheCap = true },
        new() { OutputTokens = 20, ReasoningTokens = 10 },
        new() { CachedInputTokens = 3 },
        new() { OmitUsage = true },
        new() { ZeroUsage = true },
        new() { FailWithStatus = 429 },
        new() { FailWithStatus = 500, BillFailures = true },
        new() { CutBeforeHeaders = true },
        new() { CutAfterEvents = 2 },
        new() { FailAfterEvents = 2 },
    ];

    [Fact]
    public async Task Requests_AreRefusedOrHeldForAndPaid()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync(Cents, maxInFlight: 4);
        var held = sidecar.WatchHolds(agent);
        var answered = 0;
        await FuzzRounds.RunAsync(Rounds, async mutator =>
        {
            var (path, bodies) = mutator.Any(Routes);
            path = mutator.Say(string.Format(path, agent));
            sidecar.Provider.Behaviour = mutator.Say(mutator.Any(Behaviours));
            var body = mutator.Say(mutator.Mutate(mutator.Any(bodies)));
            var billed = sidecar.Provider.Bill.TotalMicrocents;
            var spent = (await sidecar.BudgetAsync(agent))!.Spent;
            var status = await StatusAsync(sidecar, path, agent, body);
            Assert.True(status is (>= 200 and < 300) or (>= 400 and < 500) or 502 || IsRelayed(sidecar, status), $"The status is {status}.");
            answered += status < 300 ? 1 : 0;

            await sidecar.Provider.WhenIdleAsync();
            billed = sidecar.Provider.Bill.TotalMicrocents - billed;
            spent = (await sidecar.EndedAsync(agent)).Spent - spent;
            Assert.True(spent >= billed, $"{spent} microcents were spent and {billed} billed.");
        });

        Assert.Empty(sidecar.Provider.Failures);
        Assert.All(held, amount => Assert.True(amount > 0));
        Assert.True(answered > Rounds / 20, $"Only {answered} calls were answered: the fuzz does not reach the provider.");
        var budget = await sidecar.EndedAsync(agent);
        Assert.Equal((0, 0), (budget.InFlight, budget.Held));
    }

    [Fact]
    public async Task Answers_CostNoLessThanNothingAndFailNothing()
    {
        byte[] answer = [];
        var type = "";
        await using var provider = await ScriptedProvider.StartAsync(async context =>
        {
            context.Response.ContentType = type;
            await context.Response.Body.WriteAsync(answer);
        });
        await using var sidecar = await SidecarFixture.StartAsync(
            settings:
            [
                ("OPENAI_BASE_URL", provider.Address), ("XAI_BASE_URL", provider.Address),
                ("ANTHROPIC_BASE_URL", provider.Address), ("GEMINI_BASE_URL", provider.Address),
            ]);
        var agent = await sidecar.AgentAsync(Cents, maxInFlight: 4);
        await FuzzRounds.RunAsync(100, async mutator =>
        {
            var (path, bodies) = mutator.Any(Routes);
            path = mutator.Say(string.Format(path, agent));
            answer = mutator.Mutate(mutator.Any(AnswerCorpus.All));
            type = mutator.Say(mutator.Any(["application/json", "text/event-stream"]));
            answer = mutator.Say(type[0] == 't' ? [.. "data: "u8, .. answer, .. "\n\ndata: [DONE]\n\n"u8] : answer);
            var before = (await sidecar.BudgetAsync(agent))!.Spent;
            var sent = provider.Requests.Count;
            var status = await StatusAsync(sidecar, path, agent, Encoding.UTF8.GetBytes(mutator.Any(bodies)));
            Assert.True(status is (>= 200 and < 300) or (>= 400 and < 500) or 502, $"The status is {status}.");

            // What reached the provider and was answered as a success was billed for something.
            var spent = (await sidecar.EndedAsync(agent)).Spent - before;
            Assert.Equal(provider.Requests.Count > sent, spent > 0);
        });
    }

    private static string Grok(string body) => body
        .Replace("gpt-4o-mini", "grok-4", StringComparison.Ordinal)
        .Replace("gpt-4o", "grok-4", StringComparison.Ordinal)
        .Replace("gpt-5", "grok-4", StringComparison.Ordinal);

    /// <summary>The provider's own errors go to the caller as they are.</summary>
    private static bool IsRelayed(SidecarFixture sidecar, int status) => status == 500 && sidecar.Provider.Behaviour.FailWithStatus == status;

    /// <summary>The status of the answer, read to its end, which may be broken off.</summary>
    private static async Task<int> StatusAsync(SidecarFixture sidecar, string path, string agent, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = content };
        request.Headers.Add("x-cynsta-agent-id", agent);
        using var response = await sidecar.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        try
        {
            await response.Content.CopyToAsync(Stream.Null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // As the provider was told to.
        }

        return (int)response.StatusCode;
    }
}
