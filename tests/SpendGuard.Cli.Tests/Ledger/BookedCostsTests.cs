using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Ledger;

namespace SpendGuard.Cli.Tests.Ledger;

public sealed class BookedCostsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    // day: kind amount reservation; the window is [from, to).
    [Theory]
    [InlineData("1 settled 700 a", 0, 9, 700, 0)]
    [InlineData("1 settled 700 a", 2, 9, 0, 0)]
    [InlineData("1 settled 700 a", 0, 1, 0, 0)]
    [InlineData("1 reserved 900 a;2 released 0 a;3 budget_set 5 -", 0, 9, 0, 0)]
    [InlineData("1 reserved 900 a;2 forfeited 900 a", 0, 9, 900, 900)]
    [InlineData("2 forfeited 900 a;3 corrected 250 a", 0, 9, 250, 0)]
    [InlineData("2 forfeited 900 a;3 corrected 1200 a", 0, 9, 1200, 0)]
    [InlineData("2 forfeited 900 a;5 corrected 250 a", 0, 4, 900, 900)]
    [InlineData("2 forfeited 900 a;5 corrected 250 a", 4, 9, -650, 0)]
    [InlineData("2 forfeited 900 a;3 corrected 1200 a;4 corrected 250 a", 0, 9, 250, 0)]
    [InlineData("2 forfeited 900 a;3 corrected 1200 a;4 corrected 250 a", 4, 9, -950, 0)]
    [InlineData("1 settled 1 a;2 forfeited 900 b;3 forfeited 100 c;4 corrected 90 c", 0, 9, 991, 900)]
    public void Entries_BookWhatChangedInTheWindow(string entries, int from, int to, long microcents, long forfeited)
    {
        var booked = new BookedCosts(new Window(Start.AddDays(from), Start.AddDays(to)));
        foreach (var entry in entries.Split(';').Select(Entry))
        {
            booked.Add(entry);
        }

        Assert.Equal(new Booked(microcents, forfeited), booked.Models.GetValueOrDefault(("openai", "gpt:x")) ?? new Booked(0, 0));
    }

    [Fact]
    public void Windows_ThatMeet_AddUp()
    {
        LedgerEntryView[] entries = [.. "1 forfeited 900 a;2 settled 40 b;3 corrected 950 a;4 forfeited 7 c;5 corrected 250 a;6 corrected 8 c".Split(';').Select(Entry)];

        foreach (var cut in Enumerable.Range(0, 8))
        {
            Assert.Equal(Sum(0, 9), Sum(0, cut) + Sum(cut, 9));
        }

        long Sum(int from, int to)
        {
            var booked = new BookedCosts(new Window(Start.AddDays(from), Start.AddDays(to)));
            Array.ForEach(entries, booked.Add);
            return booked.Models.Values.Sum(model => model.Microcents);
        }
    }

    private static LedgerEntryView Entry(string text)
    {
        var parts = text.Split(' ');
        return new LedgerEntryView(
            1, Start.AddDays(int.Parse(parts[0])), parts[1], "agent", parts[3], null, "openai:gpt:x", null, null, null, long.Parse(parts[2]), 0, 0, 0, 0);
    }
}
