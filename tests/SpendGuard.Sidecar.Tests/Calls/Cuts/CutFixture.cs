using SpendGuard.Budgets;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Calls.Cuts;

/// <summary>Pauses a group in the stores' place, and says what has to be true of every call that was cut.</summary>
internal static class CutFixture
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static readonly PausedNode Team = new("team-red", new Pause("ops", "runaway loop", new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero)));

    /// <summary>What a sentence says of it.</summary>
    public const string Cause = "makes no calls, because group 'team-red' above it was paused by ops at 2026-11-27 12:00:00Z: runaway loop.";

    /// <summary>Has the group of an agent paused.</summary>
    /// <returns>How many calls were cut.</returns>
    public static int Pause(this SidecarFixture sidecar, string agent) => sidecar.Engine.Cut(held => held.Agent == new AgentId(agent) ? Team : null);

    /// <summary>Asserts that the provider sees all of its connections closed, that nothing is held, and that the budget lost no less than was billed.</summary>
    public static async Task<long> AssertCutAsync(this SidecarFixture sidecar, string agent)
    {
        var spent = await sidecar.SpentAsync(agent).WaitAsync(Patience);
        Assert.All(sidecar.Provider.Calls, call => Assert.False(call.Finished));
        Assert.InRange(sidecar.Provider.Bill.TotalMicrocents, 0, spent);
        Assert.Empty(sidecar.Provider.Failures);
        return spent;
    }

    /// <summary>Stands still after each event, whoever waits.</summary>
    public static Behaviour Slow(BilledPart billed = BilledPart.Full) =>
        new() { DelayBetweenEvents = TimeSpan.FromDays(1), GenerateToTheCap = true, BillOnDisconnect = billed };

    /// <summary>Reads up to the first blank line.</summary>
    public static async Task<string> ReadEventAsync(this StreamReader reader)
    {
        var read = new List<string>();
        while (await reader.ReadLineAsync().WaitAsync(Patience) is { Length: > 0 } line)
        {
            read.Add(line);
        }

        return string.Join('\n', read);
    }
}
