using CsCheck;
using SpendGuard.Cli.Runs.Sidecars;

namespace SpendGuard.Cli.Tests.Runs;

public sealed class LastEntryTests
{
    [Fact]
    public Task LedgerWithoutEntries_HasNoLast() => LastIsFoundAsync([]);

    [Fact]
    public Task LastEntry_IsFoundWhateverGapsTheLedgerHas() =>
        Gen.Long[1, 1_000_000].Array[1, 200].SampleAsync(entries => LastIsFoundAsync(entries), iter: 2_000, threads: 1);

    [Fact]
    public Task LongLedger_IsNotReadWhole() => LastIsFoundAsync([.. Enumerable.Range(1, 1_000_000).Select(entry => (long)entry)]);

    private static async Task LastIsFoundAsync(long[] entries)
    {
        var sorted = entries.Order().ToArray();
        var questions = 0;

        var last = await LastEntry.FindAsync(after =>
        {
            questions++;
            var at = Array.BinarySearch(sorted, after + 1);
            at = at < 0 ? ~at : at;
            return Task.FromResult(at < sorted.Length ? sorted[at] : (long?)null);
        });

        Assert.Equal(sorted.LastOrDefault(), last);
        Assert.InRange(questions, 1, 60);
    }
}
