using SpendGuard.Testing;
using SpendGuard.Testing.Provider;
using Xunit.Abstractions;

namespace SpendGuard.Sidecar.BlackBox.Tests.Loops;

/// <summary>Many agents that never stop, one that calls many times at once, and clients that go in the middle of an answer.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class ParallelLoopTests(Sidecar sidecar, ITestOutputHelper output) : IClassFixture<Sidecar>
{
    [Theory]
    [InlineData(10, false)]
    [InlineData(10, true)]
    [InlineData(30, false)]
    [InlineData(30, true)]
    public async Task AsManyAgents_EachStaysWithinItsBudget(int count, bool stream)
    {
        count *= Soak.Rounds(1, 10);
        var agents = new List<string>();
        for (var i = 0; i < count; i++)
        {
            agents.Add(await sidecar.AgentAsync(cents: 100));
            sidecar.Treat(agents[i], new Behaviour { GenerateToTheCap = true });
        }

        var loops = await Task.WhenAll(agents.Select(agent => Runaway.LoopAsync(sidecar, agent, stream)));
        Assert.All(loops, loop => Assert.Equal((6, 402), (loop.Answers, loop.Refusal?.Status)));
        foreach (var agent in agents)
        {
            await Runaway.AssertWithinTheBudgetAsync(sidecar, agent);
        }
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(10, true)]
    [InlineData(30, false)]
    [InlineData(30, true)]
    public async Task OneAgent_ManyCallsAtOnce_StaysWithinItsBudget(int count, bool stream)
    {
        count *= Soak.Rounds(1, 10);
        var agent = await sidecar.AgentAsync(cents: 100, maxInFlight: 10);
        sidecar.Treat(agent, new Behaviour { GenerateToTheCap = true });
        var answers = await Task.WhenAll(
            Enumerable.Range(0, count).Select(_ => sidecar.CallAsync(Route.OpenAIChat, agent, Runaway.Body(stream))));
        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 402 or 409, answer.ToString()));

        // What was locked out may come again, until nothing fits any more.
        var (_, refusal) = await Runaway.LoopAsync(sidecar, agent, stream);
        Assert.Equal(402, refusal?.Status);
        await Runaway.AssertWithinTheBudgetAsync(sidecar, agent);
    }

    [Fact]
    public async Task ClientsGoInMidAnswer_AllIsReadToItsEnd_AndPaidAsBilled()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        var agents = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            agents.Add(await sidecar.AgentAsync(cents: 100, maxInFlight: 3));
            sidecar.Treat(agents[i], new Behaviour { GenerateToTheCap = true, DelayBetweenEvents = TimeSpan.FromMilliseconds(5) });
        }

        // The answers have some twenty events; 0 is to go as soon as the answer begins.
        var calls = agents.SelectMany(agent => Enumerable.Range(0, 5).Select(_ => (agent, Lines: random.Next(60)))).ToList();
        await Task.WhenAll(calls.Select(call => GoAfterAsync(call.agent, call.Lines)));
        foreach (var agent in agents)
        {
            await sidecar.IdleBudgetAsync(agent);
            await Runaway.AssertWithinTheBudgetAsync(sidecar, agent);
        }
    }

    [Fact]
    public async Task ClientsGoBeforeTheAnswer_AllIsPaidAsBilled()
    {
        var agents = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            var agent = await sidecar.AgentAsync(cents: 100);
            agents.Add(agent);
            sidecar.Treat(agent, new Behaviour { GenerateToTheCap = true });
            var gate = sidecar.HoldBack(agent);
            using var gone = new CancellationTokenSource();
            var call = sidecar.Http.SendAsync(Sidecar.CallRequest(Route.OpenAIChat, agent, Runaway.Body(stream: i % 2 == 0)), gone.Token);
            await sidecar.UntilArrivedAsync(agent);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
            gate.SetResult();
        }

        foreach (var agent in agents)
        {
            await sidecar.IdleBudgetAsync(agent);
            await Runaway.AssertWithinTheBudgetAsync(sidecar, agent);
        }
    }

    /// <summary>Reads so many lines of a stream, and goes.</summary>
    private async Task GoAfterAsync(string agent, int lines)
    {
        // A connection of its own, and one that is cut: left to itself, the handler would read the rest of the answer to keep it.
        using var handler = new SocketsHttpHandler { UseProxy = false, ResponseDrainTimeout = TimeSpan.Zero, MaxResponseDrainSize = 0 };
        using var http = new HttpClient(handler) { BaseAddress = sidecar.Http.BaseAddress };
        using var request = Sidecar.CallRequest(Route.OpenAIChat, agent, Runaway.Body(stream: true));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!response.IsSuccessStatusCode)
        {
            Assert.True((int)response.StatusCode is 402 or 409);
            return;
        }

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var i = 0; i < lines && await reader.ReadLineAsync() is not null; i++)
        {
            // Read on.
        }
    }
}
