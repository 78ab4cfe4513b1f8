using System.Collections.Concurrent;
using System.Diagnostics;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;
using Xunit.Abstractions;

namespace SpendGuard.Sidecar.Tests.Control.Tree;

/// <summary>
/// 64 callers on 8 agents under one group whose limits roll over each second: within any second of the provider's own journal, no more is billed
/// than any limit lets through.
/// </summary>
/// <remarks>For a few seconds; with SPENDGUARD_SOAK=1 for a minute.</remarks>
[Trait(Traits.Category, Traits.Slow)]
public sealed class RollingLimitTests(ITestOutputHelper output)
{
    private const int Agents = 8;
    private const int Callers = 64;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("SPENDGUARD_SOAK") == "1" ? 60 : 4);
    private static readonly Money OfTheGroup = Money.FromMicrocents(100_000);
    private static readonly Money OfAnAgent = Money.FromMicrocents(20_000);

    [Fact]
    public async Task AnySecond_HasNoMoreBilledThanALimitLetsThrough()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var callers = new ConcurrentDictionary<int, string>();
        sidecar.Provider.ForRequest = request =>
        {
            callers[request.CallId] = request.Headers["User-Agent"];
            return new Behaviour { GenerateToTheCap = true };
        };
        await sidecar.Engine.SetLimitAsync("team", Limit.Rolling(OfTheGroup, Window));
        for (var agent = 0; agent < Agents; agent++)
        {
            await sidecar.Engine.CreateAgentAsync(agent: $"agent-{agent}", under: "team");
            await sidecar.Engine.SetLimitAsync($"agent-{agent}", Limit.Rolling(OfAnAgent, Window));
        }

        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started) < Time)
            {
                var agent = $"agent-{caller % Agents}";
                await sidecar.ChatAsync(agent, maxTokens: 100, ("User-Agent", agent));
            }
        })));

        var calls = sidecar.Provider.Calls.Where(call => call.Billed).OrderBy(call => call.BilledAt).ToList();
        var most = MostInAWindow(calls);
        output.WriteLine($"{calls.Count} of the calls were let through; at most {most} microcents in a second, of {OfTheGroup.Microcents}.");
        Assert.InRange(most, 1, OfTheGroup.Microcents);
        foreach (var agent in calls.GroupBy(call => callers[call.Id]))
        {
            Assert.InRange(MostInAWindow([.. agent]), 1, OfAnAgent.Microcents);
        }

        Assert.Equal(sidecar.Provider.Bill.TotalMicrocents, (await sidecar.Engine.ReadLedgerAsync().ToListAsync())
            .Where(entry => entry.Kind == Budgets.LedgerEntryKind.Settled).Sum(entry => entry.Amount.Microcents));
    }

    private static long MostInAWindow(List<ProviderCall> calls)
    {
        var (most, sum, first) = (0L, 0L, 0);
        foreach (var call in calls)
        {
            sum += call.ChargeMicrocents;
            while (call.BilledAt - calls[first].BilledAt >= Window)
            {
                sum -= calls[first++].ChargeMicrocents;
            }

            most = Math.Max(most, sum);
        }

        return most;
    }
}
