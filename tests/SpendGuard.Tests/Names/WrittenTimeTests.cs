using System.Globalization;
using SpendGuard.Names;

namespace SpendGuard.Tests.Names;

public sealed class WrittenTimeTests
{
    [Theory]
    [InlineData("2026-11-05", "2026-11-05T00:00:00Z")]
    [InlineData("2026-11-05T12:30:00Z", "2026-11-05T12:30:00Z")]
    [InlineData("2026-11-05 12:30:00", "2026-11-05T12:30:00Z")]
    [InlineData("2026-11-05T12:30:00+02:00", "2026-11-05T10:30:00Z")]
    [InlineData("2026-11-05T12:30", "2026-11-05T12:30:00Z")]
    public void TryParse_ByIso_IsThatMoment(string text, string moment)
    {
        Assert.True(WrittenTime.TryParse(text, out var time));
        Assert.Equal((DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture), TimeSpan.Zero), (time, time.Offset));
    }

    /// <summary>The first five are read by .NET, as a day that half of the world does not mean.</summary>
    [Theory]
    [InlineData("05/11/2026")]
    [InlineData("5.11")]
    [InlineData("1/2")]
    [InlineData("10:00")]
    [InlineData("November 5")]
    [InlineData("2026-13-05")]
    [InlineData("2026-11-31")]
    [InlineData("2026-11-05x")]
    [InlineData("2026-1-5")]
    [InlineData("٢٠٢٦-١١-٠٥")]
    [InlineData(" 2026-11-05")]
    [InlineData("")]
    [InlineData(null)]
    public void TryParse_AnythingElse_IsNone(string? text) => Assert.False(WrittenTime.TryParse(text, out _));
}
