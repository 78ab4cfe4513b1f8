using SpendGuard.Budgets;

namespace SpendGuard.Tests.Budgets.Limits;

public sealed class SlicesTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Book_CountsUntilTheLastOfItsSliceHasLeftTheWindow()
    {
        var slices = Slices.Empty.Book(Money.Zero, null, Cents(5), Noon.AddSeconds(30), Hour);

        Assert.Equal(Cents(5), slices.CountedAt(Noon.AddSeconds(30), Hour));
        Assert.Equal(Cents(5), slices.CountedAt(Noon.AddMinutes(61).AddTicks(-2), Hour));
        Assert.Equal(Money.Zero, slices.CountedAt(Noon.AddMinutes(61).AddTicks(-1), Hour));
        Assert.Equal(Noon.AddMinutes(61).AddTicks(-1), slices.FreeAt(Cents(4), Noon.AddSeconds(30), Hour));
        Assert.Null(slices.FreeAt(Cents(5), Noon.AddSeconds(30), Hour));
    }

    [Fact]
    public void Book_CostsMoreThanItWasHeldAt_CountsWhollyFromNowOn()
    {
        var slices = Slices.Empty.Book(Money.Zero, null, Cents(5), Noon, Hour).Book(Cents(5), Noon, Cents(7), Noon.AddMinutes(30), Hour);

        Assert.Equal(Slices.Empty.Book(Money.Zero, null, Cents(7), Noon.AddMinutes(30), Hour), slices);
    }

    [Fact]
    public void Book_CostsLess_StaysWhereItWasHeld()
    {
        var slices = Slices.Empty.Book(Money.Zero, null, Cents(5), Noon, Hour).Book(Cents(5), Noon, Cents(2), Noon.AddMinutes(30), Hour);

        Assert.Equal(Slices.Empty.Book(Money.Zero, null, Cents(2), Noon, Hour), slices);
        Assert.Equal(Slices.Empty, slices.Book(Cents(2), Noon, Money.Zero, Noon.AddMinutes(40), Hour).Book(Money.Zero, Noon, Money.Zero, Noon, Hour));
    }

    [Fact]
    public void Book_CostsLessOnceItsSliceIsDropped_TakesNothingFromOthers()
    {
        var later = Full(Slices.Empty.Book(Money.Zero, null, Cents(5), Noon, Hour)).At(Noon.AddDays(1), Hour);

        Assert.Equal(later, later.Book(Cents(5), Noon, Money.Zero, Noon.AddDays(1), Hour));
    }

    /// <summary>A clock that was ahead is set back, and a slice that was dropped begins again with what another call costs.</summary>
    [Fact]
    public void Book_CostsLessOnceItsSliceIsAnothers_TakesNothingFromIt()
    {
        var again = Full(Slices.Empty.Book(Money.Zero, null, Cents(5), Noon, Hour))
            .At(Noon.AddDays(1), Hour)
            .Book(Money.Zero, null, Cents(3), Noon, Hour);

        var corrected = Slices.Parse(again.ToString()).Book(Cents(5), Noon, Money.Zero, Noon, Hour);

        Assert.Equal(again.CountedAt(Noon, Hour), corrected.CountedAt(Noon, Hour));
        Assert.Equal(Cents(3 + 122), corrected.CountedAt(Noon, Hour));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2 * 60)]
    [InlineData(366 * 24 * 60)]
    public void At_ByAClockThatIsAhead_CountsAgainOnceItIsSetBack(int minutesAhead)
    {
        var ahead = Noon.AddMinutes(minutesAhead);
        var slices = Slices.Empty.Book(Money.Zero, null, Cents(90), Noon, Hour).At(ahead, Hour).Book(Money.Zero, null, Cents(1), ahead, Hour).At(ahead, Hour);

        Assert.Equal(Cents(91), slices.CountedAt(Noon.AddMinutes(2), Hour));
    }

    [Fact]
    public void At_KeepsAllThatCounts_AndOfTheOthersTheNewest()
    {
        var slices = Full(Full(Slices.Empty));

        Assert.Same(slices, slices.At(Noon, Hour));
        var kept = slices.At(Noon.AddDays(2), Hour);
        Assert.Equal(Money.Zero, kept.CountedAt(Noon.AddDays(2), Hour));
        Assert.Equal(Cents(122), kept.CountedAt(Noon, Hour));
        Assert.StartsWith($"{Noon.AddMinutes(123).UtcTicks / TimeSpan.TicksPerMinute};", kept.ToString());
    }

    [Fact]
    public void CountedAt_TheClockIsSetBack_WhatIsOfTheFutureCounts()
    {
        var slices = Slices.Empty.Book(Money.Zero, null, Cents(5), Noon, Hour);

        Assert.Equal(Cents(5), slices.CountedAt(Noon.AddYears(-1), Hour));
        Assert.Same(slices, slices.At(Noon.AddYears(-1), Hour));
        Assert.Equal(Noon.AddMinutes(61).AddTicks(-1), slices.FreeAt(Money.Zero, Noon.AddYears(-1), Hour));
    }

    [Fact]
    public void ToString_IsWhatAStoreKeeps()
    {
        var length = TimeSpan.FromTicks(600);
        var slices = Slices.Empty.Book(Money.Zero, null, Cents(5), Tick(600), length).Book(Money.Zero, null, Cents(1), Tick(620), length);

        Assert.Equal("60:5000000;62:1000000", slices.ToString());
        var full = Enumerable.Range(64, 121).Aggregate(slices, (all, slice) => all.Book(Money.Zero, null, Cents(1), Tick(10 * slice), length));
        Assert.StartsWith("61;62:1000000;64:1000000;", full.At(Tick(10_000), length).ToString());
        Assert.Equal("", Slices.Empty.ToString());
        Assert.Equal(Slices.Empty, Slices.Parse(""));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData(";")]
    [InlineData("0;5:1")]
    [InlineData("05;5:1")]
    [InlineData("-5;5:1")]
    [InlineData("5:")]
    [InlineData(":5")]
    [InlineData("5:1;")]
    [InlineData("5:1;;6:1")]
    [InlineData("5:0")]
    [InlineData("5:-1")]
    [InlineData("5:+1")]
    [InlineData("5: 1")]
    [InlineData("5:01")]
    [InlineData("05:1")]
    [InlineData("5:1:1")]
    [InlineData("5:1;5:1")]
    [InlineData("6:1;5:1")]
    [InlineData("5:1;7")]
    [InlineData("5:1,6:1")]
    [InlineData("5:9223372036854775808")]
    public void Parse_Damaged_IsRefused(string text) => Assert.Throws<FormatException>(() => Slices.Parse(text));

    [Fact]
    public void TheEndsOfTime_AreNoExceptions()
    {
        foreach (var length in (TimeSpan[])[new(1), Hour, TimeSpan.MaxValue])
        {
            foreach (var at in (DateTimeOffset[])[DateTimeOffset.MinValue, Noon, DateTimeOffset.MaxValue])
            {
                var slices = Slices.Empty.Book(Money.Zero, null, Cents(1), at, length);

                Assert.Equal(Cents(1), slices.CountedAt(at, length));
                Assert.InRange(slices.FreeAt(Money.Zero, at, length)!.Value, at, DateTimeOffset.MaxValue);
            }
        }
    }

    [Fact]
    public void SumOutOfRange_IsAnErrorAndDoesNotWrap()
    {
        var most = Slices.Empty.Book(Money.Zero, null, Money.MaxValue, Noon, Hour);

        Assert.Throws<OverflowException>(() => most.Book(Money.Zero, null, Cents(1), Noon, Hour));
        Assert.Throws<OverflowException>(() => most.Book(Money.Zero, null, Cents(1), Noon.AddMinutes(5), Hour).CountedAt(Noon, Hour));
    }

    [Fact]
    public void NegativeAmountsAndLengths_AreRefused()
    {
        var negative = Money.FromMicrocents(-1);

        Assert.Throws<ArgumentOutOfRangeException>("before", () => Slices.Empty.Book(negative, Noon, Money.Zero, Noon, Hour));
        Assert.Throws<ArgumentOutOfRangeException>("charge", () => Slices.Empty.Book(Money.Zero, null, negative, Noon, Hour));
        Assert.Throws<ArgumentOutOfRangeException>("atMost", () => Slices.Empty.FreeAt(negative, Noon, Hour));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => Slices.Empty.CountedAt(Noon, TimeSpan.Zero));
    }

    /// <summary>A cent a minute, for as many minutes as are kept: from the newest slice on.</summary>
    private static Slices Full(Slices slices)
    {
        var begin = slices.FreeAt(Money.Zero, Noon, Hour) is { } free ? free - Hour : Noon;
        return Enumerable.Range(1, 122).Aggregate(slices, (all, minute) => all.Book(Money.Zero, null, Cents(1), begin.AddMinutes(minute), Hour));
    }

    private static DateTimeOffset Tick(long tick) => new(tick, TimeSpan.Zero);

    private static Money Cents(long cents) => Money.FromCents(cents);
}
