using SpendGuard.Budgets;
using SpendGuard.Testing;
using Xunit.Abstractions;

namespace SpendGuard.Tests.Faults;

/// <summary>Several processes that call the model on one budget in one file.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class SharedFileTests(ITestOutputHelper output)
{
    private const int CallsOfEach = 100;

    [Fact]
    public async Task TwoProcesses_OneBudget_SpendWhatIsBilledAndNoMore()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"Seed {seed}");
        await using var site = await CrashSite.PrepareAsync(run => Moods.Patient(run, seed));
        await site.FillAsync(Money.FromCents(15), "a");
        using var one = CallingProcess.Start(site.File, site.Provider, round: 1, CallsOfEach, "a");
        using var two = CallingProcess.Start(site.File, site.Provider, round: 2, CallsOfEach, "a");
        var answers = (await Task.WhenAll(one.FinishAsync(), two.FinishAsync())).SelectMany(lines => lines).ToList();
        output.WriteLine(string.Join(", ", answers.CountBy(answer => answer.Outcome)));

        Assert.Equal(0, await site.SettleUpAsync(answers));
        await site.AuditAsync();

        // Every call was either billed and booked at its price, or refused: none is missing, and there were some of both.
        var refused = answers.Count(answer => answer.Outcome is "refused" or "locked");
        Assert.Equal(2 * CallsOfEach, answers.Count);
        Assert.Equal(2 * CallsOfEach, refused + site.Provider.Bill.BilledCalls);
        Assert.InRange(refused, 10, 190);
        Assert.All(site.Fates, fate => Assert.Equal(LedgerEntryKind.Settled, fate.End!.Kind));
        Assert.Equal(site.Provider.Bill.TotalMicrocents, site.Fates.Sum(fate => fate.Booked.Microcents));
        Assert.True(site.Provider.Bill.TotalMicrocents <= Money.FromCents(15).Microcents);
    }
}
