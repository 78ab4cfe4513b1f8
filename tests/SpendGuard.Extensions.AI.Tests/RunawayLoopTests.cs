using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>
/// An agent that never stops, on a budget of $1.00. A call to gpt-4o with 8,000 tokens in and 16,000 out costs $0.18, so the budget
/// pays for five.
/// </summary>
public sealed class RunawayLoopTests : IAsyncLifetime
{
    private const int Calls = 100;
    private const long Dollar = 100_000_000;
    private const long FiveCalls = 90_000_000;

    // 3 a message, 1 for its role, 3 of priming, and one for each word: 8,000 as the provider counts.
    private static readonly string Prompt = "ok" + string.Concat(Enumerable.Repeat(" ok", 7_992));

    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync(new SpendGuardOptions { LeastUsefulOutputTokens = 16_000 });
        _guarded.Provider.Behaviour = new Behaviour { GenerateToTheCap = true };
        await _guarded.SetBudgetAsync(Money.FromDollars(1));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sequential_BudgetOfADollar_StopsAtTheSixthCall(bool stream)
    {
        var agent = _guarded.Chat();
        var made = 0;
        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(async () =>
        {
            for (; made < Calls; made++)
            {
                await CallAsync(agent, stream);
            }
        });

        Assert.Equal(5, made);
        Assert.Equal("a", refusal.Agent.Value);
        Assert.Equal(Dollar - FiveCalls, refusal.Budget!.Remaining.Microcents);
        Assert.InRange(refusal.Required.Microcents, 18_000_000, 18_100_000);
        Assert.Contains("$0.10", refusal.Message, StringComparison.Ordinal);
        await AssertFiveCallsAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sequential_AgentSwallowsRefusals_StillFiveCalls(bool stream)
    {
        var agent = _guarded.Chat();
        var refused = 0;
        for (var i = 0; i < Calls; i++)
        {
            try
            {
                await CallAsync(agent, stream);
            }
            catch (InsufficientBudgetException)
            {
                refused++;
            }
        }

        Assert.Equal(95, refused);
        await AssertFiveCallsAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Parallel_AllAtOnce_StillFiveCalls(bool stream)
    {
        var agent = _guarded.Chat();
        var calls = Enumerable.Range(0, Calls).Select(_ => Task.Run(() => CallAsync(agent, stream))).ToList();
        await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.Equal(5, calls.Count(call => call.IsCompletedSuccessfully));
        Assert.All(
            calls.Where(call => call.IsFaulted),
            call => Assert.IsType<InsufficientBudgetException>(call.Exception!.InnerException));
        await AssertFiveCallsAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ProviderIgnoresTheCap_OverrunIsBookedInFull_AndTheBudgetCloses(bool stream)
    {
        await using var guarded = await StartWithoutFloorAsync();
        guarded.Provider.Behaviour = new Behaviour { FixedUsage = new SimulatedUsage(8_000, 16_000) };
        var agent = guarded.Chat();
        var made = 0;
        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(async () =>
        {
            for (; made < Calls; made++)
            {
                await CallAsync(agent, stream, "go on");
            }
        });

        // The sixth call was held for what was left, ten cents, and billed at eighteen: over by the part of one call that was not held.
        Assert.Equal(6, made);
        Assert.Equal(108_000_000, guarded.Provider.Bill.TotalMicrocents);
        var budget = await guarded.BudgetAsync();
        Assert.Equal(-8_000_000, budget.Remaining.Microcents);
        Assert.True(budget.Overdrawn);
        Assert.Contains("overdrawn and closed", refusal.Message, StringComparison.Ordinal);
        await guarded.AssertPaidAsBilledAsync();

        await Assert.ThrowsAsync<InsufficientBudgetException>(() => CallAsync(agent, stream, "go on"));
        Assert.Equal(6, guarded.Provider.Calls.Count);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task ShortAnswersAreOfUse_ProviderKeepsTheCap_BillStaysWithinTheBudget(bool stream, bool parallel)
    {
        await using var guarded = await StartWithoutFloorAsync();
        guarded.Provider.Behaviour = new Behaviour { GenerateToTheCap = true };
        var agent = guarded.Chat();
        if (parallel)
        {
            var calls = Enumerable.Range(0, Calls).Select(_ => Task.Run(() => CallAsync(agent, stream))).ToList();
            await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default);
            Assert.All(
                calls.Where(call => call.IsFaulted),
                call => Assert.IsType<InsufficientBudgetException>(call.Exception!.InnerException));
        }
        else
        {
            await Assert.ThrowsAsync<InsufficientBudgetException>(async () =>
            {
                while (true)
                {
                    await CallAsync(agent, stream);
                }
            });
        }

        await guarded.AssertPaidAsBilledAsync();
        Assert.InRange(guarded.Provider.Bill.TotalMicrocents, FiveCalls + 1, Dollar);
        Assert.Contains(guarded.Provider.Calls, call => call.MaxOutputTokens < 16_000);

        // What is left does not pay for the same input once more.
        Assert.InRange((await guarded.BudgetAsync()).Remaining.Microcents, 0, 2_100_000);
    }

    private static async Task<Guarded> StartWithoutFloorAsync()
    {
        var guarded = await Guarded.StartAsync();
        await guarded.SetBudgetAsync(Money.FromDollars(1));
        return guarded;
    }

    private static async Task CallAsync(IChatClient agent, bool stream, string? prompt = null)
    {
        var options = new ChatOptions { MaxOutputTokens = 16_000 };
        if (stream)
        {
            await foreach (var update in agent.GetStreamingResponseAsync(prompt ?? Prompt, options))
            {
                Assert.NotNull(update);
            }
        }
        else
        {
            await agent.GetResponseAsync(prompt ?? Prompt, options);
        }
    }

    private async Task AssertFiveCallsAsync()
    {
        await _guarded.AssertPaidAsBilledAsync();
        Assert.Equal(FiveCalls, _guarded.Provider.Bill.TotalMicrocents);
        Assert.Equal(5, _guarded.Provider.Calls.Count);
        Assert.All(_guarded.Provider.Calls, call => Assert.Equal((8_000, 16_000), (call.InputTokens, call.OutputTokens)));
        var ledger = await _guarded.LedgerAsync();
        Assert.Equal(5, ledger.Count(entry => entry.Kind == LedgerEntryKind.Settled));
        Assert.All(ledger, entry => Assert.True(entry.Spent + entry.Held <= entry.Granted));
    }
}
