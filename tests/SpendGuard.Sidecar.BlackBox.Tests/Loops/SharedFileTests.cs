using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using SpendGuard.Extensions.AI;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;
using Xunit.Abstractions;

namespace SpendGuard.Sidecar.BlackBox.Tests.Loops;

/// <summary>An agent that calls through the sidecar and through the library in another process at the same time, on one file.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class SharedFileTests(Sidecar sidecar, ITestOutputHelper output) : IClassFixture<Sidecar>
{
    private const int CallsOfEach = 60;

    [Fact]
    public async Task SidecarAndLibrary_OneAgent_SpendWhatIsBilledAndNoMore()
    {
        var agent = await sidecar.AgentAsync(cents: 100, maxInFlight: 8);
        sidecar.Treat(agent, new Behaviour { GenerateToTheCap = true, Delay = TimeSpan.FromMilliseconds(5) });
        var store = await SqliteBudgetStore.OpenAsync(new SqliteStoreOptions { Path = sidecar.SqlitePath, BusyTimeout = TimeSpan.FromSeconds(60) });
        await using var engine = new SpendGuardEngine(
            store, new Prices(PriceBook.LoadBundled()), new SpendGuardOptions { LeastUsefulOutputTokens = 1, LockedWait = TimeSpan.Zero });
        var library = new ChatClient("gpt-4o", new ApiKeyCredential("test-key"), ClientOptions(agent)).AsIChatClient()
            .AsBuilder().UseSpendGuard(agent, engine).Build();

        // The first call of a process is slow; both have made theirs before they race for the rest.
        var (one, two) = (await ThroughTheSidecarAsync(agent, calls: 1), await InProcessAsync(library, calls: 1));
        Assert.Equal((1, 1), (one, two));
        var throughSidecar = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ThroughTheSidecarAsync(agent, CallsOfEach))));
        var inProcess = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => InProcessAsync(library, CallsOfEach))));
        (one, two) = (one + (await throughSidecar).Sum(), two + (await inProcess).Sum());
        output.WriteLine($"{one} answers through the sidecar, {two} in process");

        Assert.Equal(one + two, sidecar.Provider.Bill.BilledCalls);
        var budget = await sidecar.AssertPaidAsBilledAsync(agent);
        Assert.InRange(sidecar.BillOf(agent), 1, Runaway.Dollar);
        var seen = await engine.FindBudgetAsync(agent);
        Assert.Equal((budget.Number("spent_microcents"), 0), (seen!.Spent.Microcents, seen.Held.Microcents));
    }

    private OpenAIClientOptions ClientOptions(string agent)
    {
        var options = new OpenAIClientOptions { Endpoint = sidecar.Provider.OpenAIEndpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) };
        options.AddPolicy(new CallerHeader(agent), PipelinePosition.PerCall);
        return options;
    }

    private async Task<int> ThroughTheSidecarAsync(string agent, int calls)
    {
        var answers = 0;
        for (var i = 0; i < calls; i++)
        {
            var answer = await sidecar.CallAsync(
                Route.OpenAIChat, agent, """{"model":"gpt-4o","messages":[{"role":"user","content":"Go on."}],"max_completion_tokens":1500}""");
            Assert.True(answer.Status is 200 or 402 or 409, answer.ToString());
            answers += answer.Status == 200 ? 1 : 0;
        }

        return answers;
    }

    private static async Task<int> InProcessAsync(IChatClient library, int calls)
    {
        var answers = 0;
        for (var i = 0; i < calls; i++)
        {
            try
            {
                await library.GetResponseAsync("Go on.", new ChatOptions { MaxOutputTokens = 1_500 });
                answers++;
            }
            catch (BudgetRefusedException)
            {
                // Nothing is left, or all of it is in flight.
            }
        }

        return answers;
    }

    /// <summary>Tells the provider who a call is for, as the sidecar's callers do here.</summary>
    private sealed class CallerHeader(string agent) : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Set("X-Client-Request-Id", "caller/" + agent);
            ProcessNext(message, pipeline, currentIndex);
        }

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Set("X-Client-Request-Id", "caller/" + agent);
            return ProcessNextAsync(message, pipeline, currentIndex);
        }
    }
}
