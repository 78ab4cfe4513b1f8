namespace SpendGuard.Sidecar.BlackBox.Tests.Loops;

/// <summary>
/// Agents that never stop, on a budget of $1.00 each. A call to gpt-4o with 8,000 tokens in and 16,000 out costs $0.18: the budget pays
/// for five of them, and for a sixth of which the output is cut to what is left.
/// </summary>
internal static class Runaway
{
    public const long Dollar = 100_000_000;
    public const int Most = 100;

    // 3 a message, 1 for its role, 3 of priming, and one for each word: 8,000 as the provider counts.
    private static readonly string Prompt = "ok" + string.Concat(Enumerable.Repeat(" ok", 7_992));

    public static string Body(bool stream) =>
        $$"""{"model":"gpt-4o","messages":[{"role":"user","content":"{{Prompt}}"}],"max_completion_tokens":16000,"stream":{{(stream ? "true" : "false")}}}""";

    /// <summary>Calls until it is refused for good, as a loop does that swallows errors.</summary>
    /// <returns>How many answers there were, and the last refusal.</returns>
    public static async Task<(int Answers, Answer? Refusal)> LoopAsync(Sidecar sidecar, string agent, bool stream)
    {
        var answers = 0;
        for (var i = 0; i < Most; i++)
        {
            var answer = await sidecar.CallAsync(Route.OpenAIChat, agent, Body(stream));
            if (answer.Status == 402)
            {
                return (answers, answer);
            }

            Assert.True(answer.Status is 200 or 409, answer.ToString());
            answers += answer.Status == 200 ? 1 : 0;
        }

        return (answers, null);
    }

    /// <summary>Asserts that an agent cost its dollar at most, and that all of it is in the budget.</summary>
    public static async Task AssertWithinTheBudgetAsync(Sidecar sidecar, string agent)
    {
        var budget = await sidecar.AssertPaidAsBilledAsync(agent);
        Assert.InRange(sidecar.BillOf(agent), 1, Dollar);
        Assert.Equal(Dollar - sidecar.BillOf(agent), budget.Number("remaining_microcents"));
        Assert.False(budget.Json["overdrawn"]!.GetValue<bool>());
        Assert.All(sidecar.CallsOf(agent), call => Assert.Equal(8_000, call.InputTokens));
    }
}
