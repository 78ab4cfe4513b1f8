using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests.Wire;

/// <summary>The SDKs send again what failed. Each attempt that may be billed has a hold before it is sent.</summary>
public sealed class AttemptTests : IAsyncLifetime
{
    private static readonly ChatOptions Small = new() { MaxOutputTokens = 100 };
    private static readonly Behaviour Broken = new() { FailWithStatus = 500, BillFailures = true };
    private static readonly Behaviour Busy = new() { FailWithStatus = 429 };
    private static readonly Behaviour Cut = new() { CutBeforeHeaders = true };

    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(1));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task FirstAttemptMayBeBilled_ItsHoldIsSpentBesideTheAnswer(string api, bool stream)
    {
        _guarded.Provider.ForRequest = request => request.CallId == 1 ? Broken : Behaviour.Honest;
        var response = await _guarded.Guard(_guarded.Leaf(api, retries: 1)).AskAsync("hello world", stream, Small);

        Assert.Equal(2, response.Get<int>(SettlementProperties.Attempts));
        Assert.Equal("Reserved Forfeited Reserved Settled", await KindsAsync());
        var spent = (await _guarded.BudgetAsync()).Spent.Microcents;
        Assert.Equal(spent, response.Get<long>(SettlementProperties.ChargedMicrocents));
        Assert.InRange(_guarded.Provider.Bill.TotalMicrocents, 1, spent);
    }

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task FirstAttemptIsRefusedByTheProvider_OneHoldPaysForBoth(string api, bool stream)
    {
        _guarded.Provider.ForRequest = request => request.CallId == 1 ? Busy : Behaviour.Honest;
        var response = await _guarded.Guard(_guarded.Leaf(api, retries: 1)).AskAsync("hello world", stream, Small);

        Assert.Equal(2, response.Get<int>(SettlementProperties.Attempts));
        Assert.Equal("Reserved Settled", await KindsAsync());
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task SecondAttemptDoesNotFit_IsNotSent(string api, bool stream)
    {
        var agent = _guarded.Guard(_guarded.Leaf(api, retries: 3), "poor");
        await _guarded.SetBudgetAsync(Money.FromCents(1), "poor");
        _guarded.Provider.Behaviour = Broken;
        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(() => agent.AskAsync("hello world", stream));

        Assert.Equal("poor", refusal.Agent.Value);
        Assert.Single(_guarded.Provider.Calls);
        Assert.Equal("Reserved Forfeited", await KindsAsync());
        Assert.InRange((await _guarded.BudgetAsync("poor")).Spent.Microcents, _guarded.Provider.Bill.TotalMicrocents, 1_000_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OneInFlight_ARetryTakesThePlaceOfTheAttemptBefore(bool stream)
    {
        await _guarded.SetBudgetAsync(Money.FromDollars(1), maxInFlight: 1);
        _guarded.Provider.ForRequest = request => request.CallId == 1 ? Cut : Behaviour.Honest;
        await _guarded.Guard(_guarded.Leaf("chat", retries: 1)).AskAsync("hello world", stream, Small);

        Assert.Equal("Reserved Forfeited Reserved Settled", await KindsAsync());
    }

    /// <summary>Every way in which three attempts can go.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Attempts_WhateverBecomesOfEach_AreNeverBilledMoreThanIsBooked(bool stream)
    {
        Behaviour[] ways = [Behaviour.Honest, Broken, Busy, Cut, new() { FailWithStatus = 503 }, new() { FailWithStatus = 400 }];
        await _guarded.SetBudgetAsync(Money.FromDollars(100));
        var agent = _guarded.Guard(_guarded.Leaf("chat", retries: 2));
        for (var way = 0; way < ways.Length * ways.Length * ways.Length; way++)
        {
            var before = (Bill: _guarded.Provider.Bill.TotalMicrocents, (await _guarded.BudgetAsync()).Spent, _guarded.Provider.Calls.Count);
            var choice = way;
            _guarded.Provider.ForRequest = request => (request.CallId - before.Count) switch
            {
                1 => ways[choice % ways.Length],
                2 => ways[choice / ways.Length % ways.Length],
                _ => ways[choice / ways.Length / ways.Length],
            };
            await Record.ExceptionAsync(() => agent.AskAsync("hello world", stream, Small));

            var budget = await _guarded.BudgetAsync();
            Assert.Equal(Money.Zero, budget.Held);
            Assert.True(_guarded.Provider.Bill.TotalMicrocents - before.Bill <= (budget.Spent - before.Spent).Microcents, $"way {way} was billed more");
            var calls = _guarded.Provider.Calls.Skip(before.Count).ToList();
            if (calls.TrueForAll(call => !call.Billed && call.Status is 429 or 400))
            {
                Assert.Equal(before.Spent, budget.Spent);
            }
        }
    }

    private async Task<string> KindsAsync() => string.Join(
        ' ', (await _guarded.LedgerAsync()).Where(entry => entry.Kind != LedgerEntryKind.BudgetSet).Select(entry => entry.Kind));
}
