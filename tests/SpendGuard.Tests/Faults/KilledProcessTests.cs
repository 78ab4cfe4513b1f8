using SpendGuard.Budgets;
using SpendGuard.Testing;
using Xunit.Abstractions;

namespace SpendGuard.Tests.Faults;

/// <summary>A process that calls the model is killed at any moment, again and again, and goes on with the same budgets.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class KilledProcessTests(ITestOutputHelper output)
{
    private static readonly Money Budget = Money.FromCents(1);
    private static readonly string[] Agents = ["a", "b", "c", "d", "e", CrashSite.UnrulyAgent];
    private static readonly int Kills = Soak.Rounds(10, 1_000);

    [Fact]
    public async Task Killed_AtAnyMoment_EveryCallIsPaidForOnceAndNoBudgetIsExceeded()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        await using var site = await CrashSite.PrepareAsync(run => Moods.Any(run, seed));
        var outcomes = new List<string>();
        var forfeited = 0;
        for (var round = 1; round <= Kills; round++)
        {
            await site.FillAsync(Budget, Agents);
            var answers = await CallUntilKilledAsync(site, round, random);
            forfeited += await site.SettleUpAsync(answers);
            outcomes.AddRange(answers.Select(answer => answer.Outcome));
        }

        await site.AuditAsync();
        var kinds = site.Fates.CountBy(fate => fate.End!.Kind).ToDictionary();
        output.WriteLine(string.Join(", ", outcomes.CountBy(outcome => outcome)));
        output.WriteLine($"{string.Join(", ", kinds)}; {forfeited} were in flight when the process was killed");

        // Else nothing was tried.
        Assert.True(forfeited >= Kills, $"Only {forfeited} calls were in flight at {Kills} kills.");
        Assert.True(outcomes.Count(outcome => outcome is "refused") > Kills);
        Assert.True(kinds[LedgerEntryKind.Settled] > Kills);
        Assert.True(kinds[LedgerEntryKind.Released] > 0);
        Assert.Contains(site.Fates, fate => fate.Booked > fate.Held);
    }

    /// <summary>Starts the process, and kills it after so many arrivals, or after so many calls have ended.</summary>
    private static async Task<IReadOnlyList<CallingProcess.Line>> CallUntilKilledAsync(CrashSite site, int round, Random random)
    {
        var moment = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (arrivals, lines) = (random.Next(1, 90), random.Next(1, 240));
        site.CountAnew();
        site.OnArrival = count => Reach(count, arrivals);
        using var process = CallingProcess.Start(site.File, site.Provider, round, int.MaxValue, Agents);
        process.OnLine = count => Reach(count, lines);
        await moment.Task;

        // Every other time nobody else has the file open when the process dies, so that the next one has to recover it.
        if (round % 2 == 0)
        {
            await site.CloseAsync();
        }

        await process.KillAsync();
        await site.OpenAsync();
        return await process.Output;

        void Reach(int count, int goal)
        {
            if (count >= goal)
            {
                moment.TrySetResult();
            }
        }
    }
}
