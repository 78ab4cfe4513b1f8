using System.Globalization;
using SpendGuard.Testing;
using Xunit.Abstractions;

namespace SpendGuard.Sidecar.BlackBox.Tests.Loops;

/// <summary>What a running sidecar takes. Measured and written down; what it may take is not a matter of right or wrong.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class FootprintTests(FootprintTests.Untuned sidecar, ITestOutputHelper output) : IClassFixture<FootprintTests.Untuned>
{
    private const int Calls = 1_000;

    /// <summary>One on the runtime as users have it: without what test.sh sets for processes that live for seconds.</summary>
    public sealed class Untuned : Sidecar
    {
        protected override IReadOnlyDictionary<string, string> Changes { get; } =
            ((string[])["DOTNET_TieredPGO", "DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "DOTNET_gcConcurrent", "DOTNET_EnableWriteXorExecute"])
            .ToDictionary(name => name, _ => "", StringComparer.Ordinal);
    }

    [Fact]
    public async Task ThousandCalls_AllArePaidAsBilled()
    {
        var agent = await sidecar.AgentAsync(cents: 10_000, maxInFlight: 10);
        await Parallel.ForEachAsync(Enumerable.Range(0, Calls), new ParallelOptions { MaxDegreeOfParallelism = 10 }, async (_, _) =>
            Assert.Equal(200, (await sidecar.CallAsync(Route.OpenAIChat, agent)).Status));
        await sidecar.AssertPaidAsBilledAsync(agent);
        Assert.Equal(Calls, sidecar.CallsOf(agent).Count);

        // test.sh prints this line out of the result file.
        var size = SidecarExecutable.Native is { } native ? $", executable {new FileInfo(native).Length / 1e6:F1} MB" : "";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Sidecar ({(SidecarExecutable.Native is null ? "on .NET" : "native")}): cold start to ready {sidecar.Process.ColdStart.TotalMilliseconds:F0} ms, "
            + $"resident after {Calls} calls {ResidentMegabytes():F0} MB{size}"));
    }

    private double ResidentMegabytes()
    {
        const string Field = "VmRSS:";
        var line = File.ReadLines($"/proc/{sidecar.Process.Id}/status").First(line => line.StartsWith(Field, StringComparison.Ordinal));
        return double.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }
}
