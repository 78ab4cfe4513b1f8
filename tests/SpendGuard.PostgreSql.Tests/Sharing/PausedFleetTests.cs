using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Sidecar.BlackBox.Tests;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;
using Xunit.Abstractions;

namespace SpendGuard.PostgreSql.Tests.Sharing;

/// <summary>A pause of the root stops four sidecars that share a database, as those of two hosts would: no new call, and every stream is closed.</summary>
[Trait(Traits.Needs, Traits.Postgres)]
[Trait(Traits.Category, Traits.Slow)]
public sealed class PausedFleetTests(TestDatabase database, ITestOutputHelper output) : IClassFixture<TestDatabase>
{
    private const int Sidecars = 4;

    /// <remarks>As the test of the same name with a file.</remarks>
    [Fact]
    public async Task Root_Paused_HoldsNothingMoreAndCutsEveryStreamOfAllProcesses()
    {
        await using var provider = await SimulatedProvider.StartAsync();
        var folder = Directory.CreateTempSubdirectory("spendguard-");
        var sidecars = await Task.WhenAll(Enumerable.Range(0, Sidecars).Select(number => SidecarProcess.StartAsync(
            folder.CreateSubdirectory($"{number}").FullName,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["CAP_STORE"] = "postgres",
                ["CAP_POSTGRES"] = database.ConnectionString,
                ["CAP_PRICING_SOURCE"] = "bundled",
                ["OPENAI_BASE_URL"] = provider.BaseAddress.ToString().TrimEnd('/') + "/v1",
                ["OPENAI_API_KEY"] = "key-of-openai",
            })));

        await PausedFleet.AssertPauseAsync(provider, sidecars, output);

        foreach (var sidecar in sidecars)
        {
            await sidecar.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }
}
