using System.Globalization;
using System.Xml.Linq;

namespace SpendGuard.Testing;

/// <summary>The versions that a project of a test takes: of our own packages as the test packs them, of others' as this repository is built with them.</summary>
/// <remarks>Nothing is looked up elsewhere.</remarks>
public sealed class PackageVersions
{
    /// <summary>A version of its own, so that no package of an earlier run is taken for this one's: the seconds since 2020.</summary>
    public string Own { get; } = string.Create(
        CultureInfo.InvariantCulture, $"0.1.{(long)(DateTime.UtcNow - new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)).TotalSeconds}");

    /// <summary>What <c>dotnet add package</c> would look up.</summary>
    public string Of(string package) => package.StartsWith("SpendGuard", StringComparison.Ordinal)
        ? Own
        : XDocument.Load(Repository.Path("Directory.Packages.props")).Descendants("PackageVersion")
            .Single(version => version.Attribute("Include")!.Value == package).Attribute("Version")!.Value;
}
