using SpendGuard.Budgets;
using SpendGuard.Sidecar.Calls;

namespace SpendGuard.Sidecar.Tests.Calls;

/// <summary>Where a host registers somebody to ask, a call that does not fit waits for the answer, and goes on only with a budget that was raised.</summary>
public sealed class ApprovalTests
{
    private const string Path = "/v1/chat/completions";
    private const string Chat = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":2000}""";

    [Fact]
    public async Task CallThatDoesNotFit_GoesOnOnceTheBudgetIsRaised()
    {
        var asked = new Asked();
        await using var sidecar = await SidecarFixture.StartAskingAsync(asked);
        var agent = await sidecar.AgentAsync(cents: 1);
        asked.Raise = () => sidecar.AskAsync($"/v1/agents/{agent}/budget", agent: null, """{"hard_limit_cents":100,"topup_cents":99}""");

        var (status, _, _) = await sidecar.AskAsync(Path, agent, Needing(Chat));

        Assert.Equal(200, status);
        Assert.Equal(1, asked.Times);
        Assert.True(await sidecar.AssertPaidAsBilledAsync(agent) > 0);
    }

    /// <summary>Who says so and does not do it, or whose raise another takes back, is not asked for ever.</summary>
    [Fact]
    public async Task Yes_ThatRaisesNothing_EndsInTheRefusal()
    {
        var asked = new Asked();
        await using var sidecar = await SidecarFixture.StartAskingAsync(asked);
        var agent = await sidecar.AgentAsync(cents: 1);

        var (status, _, _) = await sidecar.AskAsync(Path, agent, Needing(Chat));

        Assert.Equal(402, status);
        Assert.Equal(1, asked.Times);
        Assert.Empty(sidecar.Provider.Calls);
    }

    /// <summary>With so much of input that a cent does not pay for it.</summary>
    private static string Needing(string chat) => chat.Replace("Hi", string.Concat(Enumerable.Repeat("q7 ", 20_000)), StringComparison.Ordinal);

    private sealed class Asked : IApproval
    {
        public Func<Task>? Raise { get; set; }

        public int Times { get; private set; }

        public async ValueTask<bool> AskAsync(AgentId agent, InsufficientBudgetException refusal, CancellationToken cancellationToken)
        {
            Times++;
            if (Raise is not null)
            {
                await Raise();
            }

            return Times < 1_000;
        }
    }
}
