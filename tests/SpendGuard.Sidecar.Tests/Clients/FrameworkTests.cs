using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Clients;

/// <summary>What applications are written with in place of the providers' packages, as npm has it: the AI SDK, LangChain, OpenAI's Agents SDK.</summary>
[Trait(Traits.Category, Traits.Slow)]
[Trait(Traits.Needs, Traits.Node)]
public sealed class FrameworkTests
{
    /// <summary>Each call with how many calls of the provider it makes.</summary>
    private static readonly (string Name, int Made)[] Calls =
    [
        ("aiOpenAI", 2), ("aiAnthropic", 2), ("aiGoogle", 2), ("aiStreamOpenAI", 1), ("aiStreamAnthropic", 1), ("aiStreamGoogle", 1),
        ("chainOpenAI", 2), ("chainAnthropic", 2), ("chainGoogle", 2), ("batchOpenAI", 3), ("batchAnthropic", 3), ("agents", 2),
    ];

    [Fact]
    public async Task Framework_EveryCall_WorksAndCostsTheBudgetWhatTheProviderBilled()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        sidecar.Provider.Behaviour = Behaviour.CallTool("weather", """{"city":"Bern"}""");
        var agent = await sidecar.AgentAsync(cents: 500, maxInFlight: 4);

        var seen = await NpmClient.RunAsync("frameworks", sidecar, agent, [.. Calls.Select(call => call.Name)]);

        var billed = new Queue<ProviderCall>(sidecar.Provider.Calls);
        foreach (var (call, (_, expected)) in seen.Zip(Calls))
        {
            Assert.True(call.Error is null && call.Text?.Contains("Done.", StringComparison.Ordinal) == true, $"{call}");
            Assert.True(billed.Count >= expected, $"{call.Call} made {billed.Count} calls.");
            var made = Enumerable.Range(0, expected).Select(_ => billed.Dequeue()).ToList();
            Assert.Equal((call.Call, made.Sum(one => one.ChargeMicrocents)), (call.Call, call.Spent));
        }

        Assert.Empty(billed);
        await sidecar.AssertPaidAsBilledAsync(agent);
    }
}
