using SpendGuard.Budgets;

namespace SpendGuard.Tests.Budgets.Limits;

public sealed class ZoneNameTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/Argentina/Buenos_Aires")]
    [InlineData("Etc/GMT+5")]
    [InlineData("Etc/UTC")]
    [InlineData("UTC")]
    public void NameOfIana_IsItsZone(string name) => Assert.Equal(name, CalendarTime.FindZone(name).Id);

    [Theory]
    [InlineData("Europe/Bonn", "There is no time zone 'Europe/Bonn'. Give a name of the IANA time zone database, such as Europe/Berlin, or UTC.")]
    [InlineData("../zoneinfo/Europe/Berlin", "There is no time zone '../zoneinfo/Europe/Berlin'. Give a name")]
    [InlineData("/usr/share/zoneinfo/Europe/Berlin", "There is no time zone '/usr/share/zoneinfo/Europe/Berlin'. Give a name")]
    [InlineData("localtime", "There is no time zone 'localtime'. Give a name")]
    [InlineData("right/Europe/Berlin", "There is no time zone 'right/Europe/Berlin'. Give a name")]
    [InlineData("posix/Europe/Berlin", "There is no time zone 'posix/Europe/Berlin'. Give a name")]
    [InlineData("Berlin Time", "'Berlin Time' is no IANA name; names with spaces are Windows' own, which not every machine knows. Give a name")]
    [InlineData("", "The time zone is empty. Give a name")]
    [InlineData(" ", "The time zone is empty. Give a name")]
    public void AnythingElse_SaysWhatToWrite(string name, string why) =>
        Assert.StartsWith(why, Assert.Throws<ArgumentException>("iana", () => CalendarTime.FindZone(name)).Message, StringComparison.Ordinal);

    /// <summary>Not only until its zone has been looked up by another.</summary>
    [Fact]
    public void NameInAnotherCase_SaysHowItIsWritten()
    {
        CalendarTime.FindZone("Europe/Berlin");

        var refused = Assert.Throws<ArgumentException>("iana", () => CalendarTime.FindZone("europe/berlin"));
        Assert.StartsWith("There is no time zone 'europe/berlin'. It is written Europe/Berlin.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NameOfWindows_SaysWhichIsTheSame()
    {
        // A machine that knows them finds a zone by them, which is then not IANA's.
        var found = TimeZoneInfo.CreateCustomTimeZone("W. Europe Standard Time", TimeSpan.FromHours(1), displayName: null, standardDisplayName: null);

        var refused = Assert.Throws<ArgumentException>("iana", () => CalendarTime.FindZone(found.Id, _ => found, _ => "Europe/Berlin"));
        Assert.StartsWith(
            "'W. Europe Standard Time' is a name of Windows' own, which not every machine knows. Write Europe/Berlin.",
            refused.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void NameThatWindowsHasToo_IsIanas() => Assert.Same(
        TimeZoneInfo.Utc, CalendarTime.FindZone("UTC", _ => TimeZoneInfo.Utc, _ => "Etc/UTC"));

    [Fact]
    public void MachineWithoutZones_SaysWhatToInstall()
    {
        var refused = Assert.Throws<ArgumentException>("iana", () => CalendarTime.FindZone("Asia/Tokyo", _ => null, _ => null));

        Assert.StartsWith("This machine has no time zone data, so 'Asia/Tokyo' is not known. Install tzdata", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MachineWithZones_IsNotSaidToHaveNone()
    {
        var refused = Assert.Throws<ArgumentException>(
            "iana", () => CalendarTime.FindZone("Asia/Nowhere", name => name == Berlin.Id ? Berlin : null, _ => null));

        Assert.StartsWith("There is no time zone 'Asia/Nowhere'.", refused.Message, StringComparison.Ordinal);
    }
}
