using System.Text.RegularExpressions;

namespace SpendGuard.Tests.Architecture;

/// <summary>What is known of one vendor stands in that vendor's rooms. Elsewhere in the code and its comments nobody is named.</summary>
public sealed partial class VendorNameTests
{
    /// <summary>Where vendors may be named, and why.</summary>
    private static readonly (string Room, string Why)[] Rooms =
    [
        ("^src/[^/]+/(.+/)?Providers/", "what is known of a vendor, and the configuration of those that calls go to"),
        ("^src/SpendGuard.Sidecar/Dialects/(OpenAI|Anthropic|Gemini)/", "a vendor's wire formats"),
        ("/Pricing/Import/", "public price maps name those whom they price"),
        ("^src/SpendGuard.Sidecar/Settings/", "configuration"),
        ("^src/SpendGuard.Cli/(Doctor/Doctor|Prices/Import|Prices/Show|Skill/Skill)Commands?.cs$", "options with an example"),
        ("^src/SpendGuard.Cli/Skill/SkillFolders.cs$", "the folders of coding agents"),
    ];

    [Fact]
    public void Vendors_AreNamedInTheirRoomsOnly() => Findings.AssertNone(
        from path in Sources.In("src")
        where !Rooms.Any(room => Regex.IsMatch(path, room.Room, RegexOptions.CultureInvariant, TimeSpan.FromMinutes(1)))
        from line in Sources.Lines(path).Select((text, at) => (Text: text, Number: at + 1))
        where Vendor().IsMatch(line.Text)
        select $"{path}:{line.Number}: {line.Text.Trim()}");

    [Theory]
    [InlineData("the OpenAI adapter", true)]
    [InlineData("model is \"gpt-5\"", true)]
    [InlineData("XaiVendor", true)]
    [InlineData("a provider's adapter", false)]
    public void Names_AreFoundInCodeAndComments(string line, bool named) => Assert.Equal(named, Vendor().IsMatch(line));

    [GeneratedRegex("openai|anthropic|claude|gemini|google|xai|grok|azure|gpt-", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex Vendor();
}
