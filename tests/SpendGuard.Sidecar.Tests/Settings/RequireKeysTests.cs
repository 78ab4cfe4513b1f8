using SpendGuard.Sidecar.Settings;
using SpendGuard.Sidecar.Tests.Access;

namespace SpendGuard.Sidecar.Tests.Settings;

/// <summary>A sidecar on one machine that lets nobody in without a key. What each key opens is in <see cref="LocalAccessTests"/>.</summary>
public sealed class RequireKeysTests : IDisposable
{
    private static readonly Dictionary<string, string?> Required =
        new(StringComparer.Ordinal) { ["CAP_PRICING_SOURCE"] = "bundled", ["SPENDGUARD_REQUIRE_KEYS"] = "true" };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NoAdminKey_DoesNotStart_AndSaysHowToMakeOne()
    {
        var exception = Assert.Throws<SettingsException>(() => new SidecarUnderTest(_folder, TimeProvider.System, Required));

        Assert.Contains("SPENDGUARD_REQUIRE_KEYS is set, but there is no admin key", exception.Message, StringComparison.Ordinal);
        Assert.Contains("--admin-key", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AdminKeyThatWasMadeBefore_IsEnough()
    {
        string key;
        await using (var before = new SidecarUnderTest(
            _folder, TimeProvider.System, new Dictionary<string, string?>(StringComparer.Ordinal) { ["CAP_PRICING_SOURCE"] = "bundled" }))
        {
            await before.App.StartAsync();
            key = (string)(await before.AskAsync("/v1/admin-key", agent: null, "{}")).Body["admin_key"]!;
        }

        await using var sidecar = new SidecarUnderTest(_folder, TimeProvider.System, Required);
        await sidecar.App.StartAsync();

        Assert.Equal(401, (await sidecar.AskAsync("/v1/agents", agent: null, "{}")).Status);
        Assert.Equal(200, (await sidecar.AskAsync("/v1/agents", agent: null, "{}", ("x-api-key", key))).Status);
    }
}
