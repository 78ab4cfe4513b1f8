using System.Globalization;
using SpendGuard.Budgets;

namespace SpendGuard.Tests.Budgets.Limits;

/// <summary>Windows that were counted by hand, from what the zones have done.</summary>
public sealed class CalendarTimeTests
{
    [Theory]
    // Days as they are, and a zone that is three quarters of an hour off.
    [InlineData("UTC", CalendarPeriod.Day, "2024-02-29T00:00:00", "2024-02-29T00:00:00", "2024-03-01T00:00:00")]
    [InlineData("UTC", CalendarPeriod.Day, "2024-02-29T23:59:59", "2024-02-29T00:00:00", "2024-03-01T00:00:00")]
    [InlineData("Asia/Kathmandu", CalendarPeriod.Day, "2024-01-01T12:00:00", "2023-12-31T18:15:00", "2024-01-01T18:15:00")]
    // Days of 23 and of 25 hours; of 23 and a half, and of 24 and a half.
    [InlineData("Europe/Berlin", CalendarPeriod.Day, "2024-03-31T12:00:00", "2024-03-30T23:00:00", "2024-03-31T22:00:00")]
    [InlineData("Europe/Berlin", CalendarPeriod.Day, "2024-10-27T12:00:00", "2024-10-26T22:00:00", "2024-10-27T23:00:00")]
    [InlineData("Australia/Lord_Howe", CalendarPeriod.Day, "2024-10-06T00:00:00", "2024-10-05T13:30:00", "2024-10-06T13:00:00")]
    [InlineData("Australia/Lord_Howe", CalendarPeriod.Day, "2024-04-07T00:00:00", "2024-04-06T13:00:00", "2024-04-07T13:30:00")]
    // Months of 28 to 31 days, quarters, years, and weeks over a new year.
    [InlineData("Europe/Berlin", CalendarPeriod.Month, "2023-02-15T00:00:00", "2023-01-31T23:00:00", "2023-02-28T23:00:00")]
    [InlineData("Europe/Berlin", CalendarPeriod.Month, "2024-02-29T12:00:00", "2024-01-31T23:00:00", "2024-02-29T23:00:00")]
    [InlineData("Europe/Berlin", CalendarPeriod.Month, "2024-03-31T21:59:59", "2024-02-29T23:00:00", "2024-03-31T22:00:00")]
    [InlineData("Europe/Berlin", CalendarPeriod.Month, "2024-03-31T22:00:00", "2024-03-31T22:00:00", "2024-04-30T22:00:00")]
    [InlineData("Europe/Berlin", CalendarPeriod.Quarter, "2024-02-01T00:00:00", "2023-12-31T23:00:00", "2024-03-31T22:00:00")]
    [InlineData("Europe/Berlin", CalendarPeriod.Quarter, "2024-12-31T22:59:59", "2024-09-30T22:00:00", "2024-12-31T23:00:00")]
    [InlineData("Europe/Berlin", CalendarPeriod.Year, "2024-07-01T00:00:00", "2023-12-31T23:00:00", "2024-12-31T23:00:00")]
    [InlineData("Europe/Berlin", CalendarPeriod.Week, "2025-01-01T12:00:00", "2024-12-29T23:00:00", "2025-01-05T23:00:00")]
    [InlineData("America/New_York", CalendarPeriod.Week, "2024-03-11T03:59:59", "2024-03-04T05:00:00", "2024-03-11T04:00:00")]
    // At 00:01 the clock is set back to 23:01 of the day before, whose window has ended.
    [InlineData("America/St_Johns", CalendarPeriod.Day, "2010-11-07T02:29:59", "2010-11-06T02:30:00", "2010-11-07T02:30:00")]
    [InlineData("America/St_Johns", CalendarPeriod.Day, "2010-11-07T02:31:00", "2010-11-07T02:30:00", "2010-11-08T03:30:00")]
    [InlineData("America/St_Johns", CalendarPeriod.Week, "2010-11-07T02:45:00", "2010-11-01T02:30:00", "2010-11-08T03:30:00")]
    // At 24:00 it is set back to 23:00: midnight has not been. In spring, there is none.
    [InlineData("America/Sao_Paulo", CalendarPeriod.Day, "2018-02-18T02:30:00", "2018-02-17T02:00:00", "2018-02-18T03:00:00")]
    [InlineData("America/Sao_Paulo", CalendarPeriod.Day, "2018-11-04T03:00:00", "2018-11-04T03:00:00", "2018-11-05T02:00:00")]
    [InlineData("America/Sao_Paulo", CalendarPeriod.Day, "2018-11-04T02:59:59", "2018-11-03T03:00:00", "2018-11-04T03:00:00")]
    // At 01:00 it is set back to midnight, which comes twice. In spring, there is none.
    [InlineData("America/Havana", CalendarPeriod.Day, "2024-11-03T05:00:00", "2024-11-03T04:00:00", "2024-11-04T05:00:00")]
    [InlineData("America/Havana", CalendarPeriod.Day, "2024-03-10T05:00:00", "2024-03-10T05:00:00", "2024-03-11T04:00:00")]
    // Days that have not been, 30 December 2011 and 21 August 1993; and one that was nearly twice as long.
    [InlineData("Pacific/Apia", CalendarPeriod.Day, "2011-12-30T09:59:59", "2011-12-29T10:00:00", "2011-12-30T10:00:00")]
    [InlineData("Pacific/Apia", CalendarPeriod.Day, "2011-12-30T10:00:00", "2011-12-30T10:00:00", "2011-12-31T10:00:00")]
    [InlineData("Pacific/Apia", CalendarPeriod.Month, "2011-12-30T10:00:00", "2011-12-01T10:00:00", "2011-12-31T10:00:00")]
    [InlineData("Pacific/Apia", CalendarPeriod.Week, "2011-12-30T12:00:00", "2011-12-26T10:00:00", "2012-01-01T10:00:00")]
    [InlineData("Pacific/Kwajalein", CalendarPeriod.Day, "1993-08-21T11:59:59", "1993-08-20T12:00:00", "1993-08-21T12:00:00")]
    [InlineData("Pacific/Kwajalein", CalendarPeriod.Day, "1993-08-21T12:00:00", "1993-08-21T12:00:00", "1993-08-22T12:00:00")]
    [InlineData("Pacific/Kwajalein", CalendarPeriod.Day, "1969-09-30T13:00:00", "1969-09-29T13:00:00", "1969-10-01T12:00:00")]
    public void WindowAt_IsTheZonesOwn(string zone, CalendarPeriod period, string at, string from, string until) =>
        Assert.Equal((Utc(from), Utc(until)), CalendarTime.WindowAt(period, CalendarTime.FindZone(zone), Utc(at)));

    [Fact]
    public void WindowAt_InstantThatIsGivenInAnotherZone_IsTheInstant() => Assert.Equal(
        (Utc("2024-01-31T23:00:00"), Utc("2024-02-29T23:00:00")),
        CalendarTime.WindowAt(
            CalendarPeriod.Month, CalendarTime.FindZone("Europe/Berlin"), Utc("2024-02-29T22:59:59").ToOffset(TimeSpan.FromHours(9))));

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Pacific/Kiritimati")]
    [InlineData("Pacific/Pago_Pago")]
    public void WindowAt_TheEndsOfTime_HasAWindowThatEndsWithIt(string name)
    {
        var zone = CalendarTime.FindZone(name);
        foreach (var period in Enum.GetValues<CalendarPeriod>())
        {
            for (var hours = 0; hours < 24 * 800; hours += 5)
            {
                var early = DateTimeOffset.MinValue.AddHours(hours);
                var late = DateTimeOffset.MaxValue.AddHours(-hours);
                var first = CalendarTime.WindowAt(period, zone, early);
                var last = CalendarTime.WindowAt(period, zone, late);

                Assert.True(first.From <= early && early < first.Until);
                Assert.True(last.From <= late && (late < last.Until || late == DateTimeOffset.MaxValue));
            }

            Assert.Equal(DateTimeOffset.MinValue, CalendarTime.WindowAt(period, zone, DateTimeOffset.MinValue).From);
            Assert.Equal(DateTimeOffset.MaxValue, CalendarTime.WindowAt(period, zone, DateTimeOffset.MaxValue).Until);
        }
    }

    private static DateTimeOffset Utc(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
