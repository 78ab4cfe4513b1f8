using System.Text.RegularExpressions;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Tests.Settings;

/// <summary>A setting whose name is misspelt does nothing, and a budget is passed for it; so it stops the start, as a wrong value does.</summary>
public sealed partial class MisspellingTests
{
    [Theory]
    [InlineData("SPENDGUARD_OVERLOAD", "SPENDGUARD_OVERLAOD")]
    [InlineData("SPENDGUARD_DRAIN_SECONDS", "SPENDGUARD_DRIAN_SECONDS")]
    [InlineData("CAP_SQLITE_PATH", "CAP_SQLITE_PTH")]
    [InlineData("CAP_ADMIN_KEY", "cap_adminkey")]
    public async Task Name_ThatIsNearlyASetting_StopsTheStart(string meant, string name)
    {
        var faults = await FaultsAsync((name, "5"));

        Assert.Equal($"{name} is no setting. {meant} is; set that, or take {name} out.", Assert.Single(faults));
    }

    /// <summary>Every setting, with each of its letters left out and each two of them exchanged.</summary>
    [Fact]
    public async Task EverySetting_IsKnown_AndFoundWhereItIsMisspelt()
    {
        foreach (var setting in Known())
        {
            var at = setting.Length - 2;
            var faults = await FaultsAsync((setting.Remove(at, 1), "5"), (setting[..at] + setting[at + 1] + setting[at] + "X", "5"));

            Assert.True(faults.Count == 2 && faults.All(fault => fault.Contains(" is no setting. ", StringComparison.Ordinal)), $"{setting}: {string.Join(' ', faults)}");
        }
    }

    [Theory]
    [InlineData("CAP_API_KEY")]
    [InlineData("CAP_BASE_URL")]
    [InlineData("SPENDGUARD_AGENT_ID")]
    [InlineData("SPENDGUARD_TEST_POSTGRES")]
    [InlineData("CAPACITY")]
    public async Task Name_ThatIsOfSomebodyElse_IsLeftAlone(string name)
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: (name, "5"));

        Assert.NotEmpty(sidecar.Address);
    }

    [Theory]
    [InlineData("BaseUri", "http://127.0.0.1:9/v1", "SpendGuard:Providers:mine:BaseUri is no setting of a provider. There are: BaseUrl, KeyVariable, OutputCap, ForwardHeaders.", "SpendGuard:Providers:mine:BaseUrl is not set; it has to be an http or https address without a query.")]
    [InlineData("KeyVariable", "MY_KEY", "SpendGuard:Providers:mine:BaseUrl is not set; it has to be an http or https address without a query.")]
    public async Task Provider_WithoutAnAddress_StopsTheStart(string name, string value, params string[] expected) =>
        Assert.Equal(expected, await FaultsAsync(("SpendGuard:Providers:mine:" + name, value)));

    [Fact]
    public async Task Provider_WithASettingThatIsNone_StopsTheStart() => Assert.Equal(
        ["SpendGuard:Providers:mine:OutputCpa is no setting of a provider. There are: BaseUrl, KeyVariable, OutputCap, ForwardHeaders."],
        await FaultsAsync(("SpendGuard:Providers:mine:baseurl", "http://127.0.0.1:9/v1"), ("SpendGuard:Providers:mine:OutputCpa", "both")));

    private static async Task<IReadOnlyList<string>> FaultsAsync(params (string Name, string? Value)[] settings) =>
        (await Assert.ThrowsAsync<SettingsException>(() => SidecarFixture.StartAsync(settings: settings))).Faults;

    /// <summary>The names that the source reads.</summary>
    private static List<string> Known() =>
    [
        .. Repository.Files("*Settings*.cs", "src", "SpendGuard.Sidecar").Append(Repository.Path("src", "SpendGuard.Sidecar", "Access", "AdminKey.cs"))
            .SelectMany(file => Setting().Matches(File.ReadAllText(file))).Select(match => match.Groups["name"].Value).Distinct(),
    ];

    [GeneratedRegex("\"(?<name>(CAP|SPENDGUARD)_[A-Z_]+)\"", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Setting();
}
