using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.BlackBox.Tests.Loops;

/// <summary>One agent that never stops.</summary>
public sealed class RunawayLoopTests(Sidecar sidecar) : IClassFixture<Sidecar>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OneAfterTheOther_TheBudgetIsUsedUp_AndNotExceeded(bool stream)
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        sidecar.Treat(agent, new Behaviour { GenerateToTheCap = true });
        var (answers, refusal) = await Runaway.LoopAsync(sidecar, agent, stream);
        Assert.Equal(6, answers);
        Assert.StartsWith("Insufficient budget", refusal!.Detail, StringComparison.Ordinal);
        await Runaway.AssertWithinTheBudgetAsync(sidecar, agent);
        Assert.Equal([16_000, 16_000, 16_000, 16_000, 16_000], sidecar.CallsOf(agent).Take(5).Select(call => call.OutputTokens));
        Assert.InRange(sidecar.CallsOf(agent)[5].OutputTokens, 1, 8_000);

        // Not even the input would be paid for, and the loop goes on all the same.
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(402, (await sidecar.CallAsync(Route.OpenAIChat, agent, Runaway.Body(stream))).Status);
        }

        Assert.Equal(6, sidecar.CallsOf(agent).Count);
    }
}
