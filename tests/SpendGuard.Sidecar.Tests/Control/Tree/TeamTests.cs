using Microsoft.Extensions.Time.Testing;

namespace SpendGuard.Sidecar.Tests.Control.Tree;

/// <summary>A team of three agents: a month's limit of the group, and a day's limit of each, over HTTP.</summary>
public sealed class TeamTests : IAsyncLifetime
{
    private static readonly string[] Agents = ["ann", "bob", "eve"];
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 22, 0, 0, TimeSpan.Zero));
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartAsync(_time);
        await _sidecar.GroupAsync("team-red", """{"name":"Red"}""");
        await _sidecar.LimitAsync("groups/team-red", "month", """{"amount_cents":1,"zone":"Europe/Berlin"}""");
        foreach (var agent in Agents)
        {
            await _sidecar.MemberAsync(agent, "team-red");
            await _sidecar.LimitAsync($"agents/{agent}", "day", """{"amount_cents":1,"zone":"Europe/Berlin"}""");
        }
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Fact]
    public async Task Calls_LoseInEveryAccountWhatTheProviderCharged()
    {
        foreach (var agent in Agents)
        {
            Assert.Equal(200, (await _sidecar.ChatAsync(agent)).Status);
            Assert.Equal(200, (await _sidecar.ChatAsync(agent)).Status);
        }

        var billed = _sidecar.Provider.Bill.TotalMicrocents;
        var spent = await Task.WhenAll(Agents.Select(agent => _sidecar.SpentAsync($"agents/{agent}", "day")));
        Assert.NotEqual(0, billed);
        Assert.All(spent, each => Assert.NotEqual(0, each));
        Assert.Equal(billed, spent.Sum());
        Assert.Equal(billed, await _sidecar.SpentAsync("groups/team-red", "month"));
        Assert.Equal(6, _sidecar.Provider.Calls.Count);
    }

    [Fact]
    public async Task FullGroup_RefusesAllOfItsAgents_AndSaysWhichLimitAndWhenItResets()
    {
        await _sidecar.LimitAsync("groups/team-red", "month", """{"amount_cents":0,"zone":"Europe/Berlin"}""");

        foreach (var agent in Agents)
        {
            var refused = await _sidecar.ChatAsync(agent);

            Assert.Equal(402, refused.Status);
            Assert.StartsWith("Insufficient budget: group 'team-red' has $0", (string?)refused.Body["detail"], StringComparison.Ordinal);
            Assert.Contains("The next month begins at 2026-11-30 23:00:00Z", (string?)refused.Body["error"]!["message"], StringComparison.Ordinal);
            Assert.Equal(("team-red", "month", "2026-11-30T23:00:00.000000+00:00"), ((string?)refused.Body["node"], (string?)refused.Body["limit"], (string?)refused.Body["resets_at"]));
            Assert.Equal("false", refused.Headers["x-should-retry"]);
            Assert.DoesNotContain("Retry-After", refused.Headers.Keys);
        }

        Assert.Empty(_sidecar.Provider.Calls);
    }

    [Fact]
    public async Task ResetThatIsNear_IsToldAsRetryAfter_AndTheCallFitsThen()
    {
        Assert.Equal(200, (await _sidecar.ChatAsync("ann")).Status);
        var first = await _sidecar.SpentAsync("agents/ann", "day");
        await _sidecar.Engine.SetLimitAsync("ann", Limit.PerDay(Money.FromMicrocents(first + 10), "Europe/Berlin"));

        _time.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(0.5));
        var refused = await _sidecar.ChatAsync("ann", maxTokens: 1);

        Assert.Equal((402, "1800", "false"), (refused.Status, refused.Headers["Retry-After"], refused.Headers["x-should-retry"]));
        Assert.Equal(first, await _sidecar.SpentAsync("agents/ann", "day"));

        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(200, (await _sidecar.ChatAsync("ann", maxTokens: 1)).Status);
        var shown = await _sidecar.ShownAsync("agents/ann", "day");
        Assert.Equal(_sidecar.Provider.Bill.TotalMicrocents - first, (long)shown["spent_microcents"]!);
        Assert.Equal("2026-11-27T23:00:00.000000+00:00", (string?)shown["from"]);
        Assert.Equal("2026-11-28T23:00:00.000000+00:00", (string?)shown["resets_at"]);
        Assert.Equal(_sidecar.Provider.Bill.TotalMicrocents, await _sidecar.SpentAsync("groups/team-red", "month"));
    }

    [Fact]
    public async Task CallThatCanNeverFit_IsNotToldToTryAgain()
    {
        await _sidecar.LimitAsync("agents/ann", "day", """{"amount_cents":0,"zone":"Europe/Berlin"}""");

        var refused = await _sidecar.ChatAsync("ann");

        Assert.Equal(402, refused.Status);
        Assert.DoesNotContain("Retry-After", refused.Headers.Keys);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NearReset_WhereAnotherLimitIsFullForLonger_IsNoTimeToTryAgain(bool ends)
    {
        Assert.Equal(200, (await _sidecar.ChatAsync("ann")).Status);
        var first = await _sidecar.SpentAsync("agents/ann", "day");
        await _sidecar.Engine.SetLimitAsync("ann", Limit.PerDay(Money.FromMicrocents(first + 10), "Europe/Berlin"));
        await _sidecar.Engine.SetLimitAsync("team-red", ends ? Limit.PerMonth(Money.FromMicrocents(first + 11), "Europe/Berlin") : Limit.Total(Money.FromMicrocents(11)));
        _time.Advance(TimeSpan.FromMinutes(1));

        var refused = await _sidecar.ChatAsync("ann", maxTokens: 1);

        Assert.Equal((402, "ann", "day"), (refused.Status, (string?)refused.Body["node"], (string?)refused.Body["limit"]));
        Assert.DoesNotContain("Retry-After", refused.Headers.Keys);
    }

    [Fact]
    public async Task WhatRemains_IsTheLeastOfAllThatLimitsTheCall()
    {
        await _sidecar.LimitAsync("groups/team-red", "month", """{"amount_cents":300}""");
        await _sidecar.LimitAsync("agents/ann", "day", """{"amount_cents":200}""");
        Assert.Equal("199", (await _sidecar.ChatAsync("ann")).Headers["x-spendguard-remaining-cents"]);

        await _sidecar.LimitAsync("groups/team-red", "month", """{"amount_cents":100}""");
        Assert.Equal("99", (await _sidecar.ChatAsync("ann")).Headers["x-spendguard-remaining-cents"]);

        await _sidecar.SetBudgetAsync("ann", cents: 50);
        Assert.Equal("49", (await _sidecar.ChatAsync("ann")).Headers["x-spendguard-remaining-cents"]);
    }
}
