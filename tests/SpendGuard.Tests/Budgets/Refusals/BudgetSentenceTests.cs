using SpendGuard.Billing;
using SpendGuard.Budgets;
using SpendGuard.Tests.Budgets.Approvals;

namespace SpendGuard.Tests.Budgets.Refusals;

/// <summary>The figures of a refusal add up: what was granted is what is spent, held and left.</summary>
public sealed class BudgetSentenceTests
{
    [Theory]
    [InlineData(150, 0, "has $0.0000005 left of $0.0000015, and", "Top the budget up, or make the call smaller.")]
    [InlineData(1000, 0, "has $0.0000005 left of $0.0000015 granted, and", "Top the budget up (its limit of $0.00001 grants nothing by itself), or make the call smaller.")]
    [InlineData(150, 40, "has $0.0000009 left of $0.0000019 granted, and", "Top the budget up, or make the call smaller.")]
    [InlineData(1000, 40, "has $0.0000009 left of $0.0000019 granted, and", "Top the budget up (its limit of $0.00001 grants nothing by itself), or make the call smaller.")]
    [InlineData(20, 0, "has $0.0000002 left of $0.0000012 granted, and", "Top the budget up, or make the call smaller.")]
    public async Task Refusal_SaysWhatWasGranted_AndWhatALimitDoesNot(long limit, long topUp, string left, string wayOut)
    {
        await using var agent = new AskingAgent();
        await agent.Engine.SetBudgetAsync("a", Money.FromMicrocents(150));
        await (await agent.Engine.ReserveAsync(AskingAgent.Call())).EndAsync(new ProviderReport { Usage = new Usage { Input = AskingAgent.Cost, Output = 0 } });

        await agent.Engine.SetBudgetAsync("a", Money.FromMicrocents(limit), Money.FromMicrocents(topUp));

        var refused = await agent.RefusedAsync();
        Assert.Contains($"agent 'a' {left}", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(wayOut, refused.Message, StringComparison.Ordinal);
    }
}
