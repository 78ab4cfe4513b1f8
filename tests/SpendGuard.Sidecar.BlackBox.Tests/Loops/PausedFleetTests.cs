using SpendGuard.Testing;
using SpendGuard.Testing.Provider;
using Xunit.Abstractions;

namespace SpendGuard.Sidecar.BlackBox.Tests.Loops;

/// <summary>A pause of the root stops four sidecars that share a file: no new call, and every stream is closed.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class PausedFleetTests(ITestOutputHelper output)
{
    private const int Sidecars = 4;

    /// <remarks>With SPENDGUARD_SOAK=1, on a quiet machine, they have to be closed within two seconds.</remarks>
    [Fact]
    public async Task Root_Paused_HoldsNothingMoreAndCutsEveryStreamOfAllProcesses()
    {
        await using var provider = await SimulatedProvider.StartAsync();
        var folder = Directory.CreateTempSubdirectory("spendguard-");
        var origin = provider.BaseAddress.ToString().TrimEnd('/');
        var sidecars = await Task.WhenAll(Enumerable.Range(0, Sidecars).Select(number => SidecarProcess.StartAsync(
            folder.CreateSubdirectory($"{number}").FullName,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["CAP_SQLITE_PATH"] = Path.Combine(folder.FullName, "budget.db"),
                ["CAP_PRICING_SOURCE"] = "bundled",
                ["OPENAI_BASE_URL"] = origin + "/v1",
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
