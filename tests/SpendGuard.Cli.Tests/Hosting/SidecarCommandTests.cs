using System.Net;
using System.Net.Sockets;
using Snapshooter.Xunit;

namespace SpendGuard.Cli.Tests.Hosting;

public sealed class SidecarCommandTests : IDisposable
{
    private const string Canary = "sk-canary-that-must-not-be-shown";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spendguard-cli-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sidecar_ServesAndShowsWhatItWorksWith(bool terminal)
    {
        var snapshot = Snapshot.FullName(terminal ? "sidecar-terminal" : "sidecar-plain");
        using var stop = new CancellationTokenSource();
        var output = new WatchedWriter();

        var running = new Cli { IsTerminal = terminal }.RunAsync([.. Args("--OPENAI_API_KEY", Canary)], output, stop.Token);
        await output.UntilAsync("ANTHROPIC_API_KEY", times: 1);
        var address = "http://" + output.ToString().Split("http://")[1].Split(['\n', ' '])[0].Trim();
        Assert.Equal("(no agents)\n", (await new Cli().RunAsync($"agent list --base-url {address}")).Succeeded());
        await stop.CancelAsync();

        var ran = await running;
        Assert.Equal(0, ran.ExitCode);
        Assert.DoesNotContain(Canary, ran.ToString(), StringComparison.Ordinal);
        Snapshot.Match(Steady.Text(ran).Replace(_folder.FullName, "FOLDER", StringComparison.Ordinal), snapshot);
    }

    [Fact]
    public async Task WrongSettings_AreTwoAndAllNamed()
    {
        var ran = await new Cli().RunAsync([.. Args("--CAP_PRICING_SCHEMA_VERSION", "1", "--SPENDGUARD_STRICT_FIELDS", "maybe", "--CAP_PRICING_VERIFY_SIGNATURE", "perhaps")]);

        Assert.Equal((2, ""), (ran.ExitCode, ran.Output));
        Assert.Contains("SPENDGUARD_STRICT_FIELDS is 'maybe'", ran.Error, StringComparison.Ordinal);
        Assert.Contains("CAP_PRICING_VERIFY_SIGNATURE is 'perhaps'", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PricesThatCannotBeHad_AreTwo()
    {
        var ran = await new Cli().RunAsync([.. Args("--CAP_PRICING_SOURCE", "file", "--CAP_PRICING_FILE", Path.Combine(_folder.FullName, "none.json"))]);

        Assert.Equal((2, ""), (ran.ExitCode, ran.Output));
        Assert.Contains("none.json", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddressThatIsTaken_IsOne()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var ran = await new Cli().RunAsync([.. Args("--URLS", $"http://{taken.LocalEndpoint}")]);

        Assert.Equal((1, ""), (ran.ExitCode, ran.Output));
        Assert.Contains("The sidecar cannot listen: ", ran.Error, StringComparison.Ordinal);
        Assert.Contains("ASPNETCORE_URLS", ran.Error, StringComparison.Ordinal);
    }

    private IEnumerable<string> Args(params IEnumerable<string> settings) =>
    [
        "sidecar", "--URLS", "http://127.0.0.1:0", "--CAP_SQLITE_PATH", Path.Combine(_folder.FullName, "budget.db"), "--CAP_PRICING_SOURCE", "bundled",
        .. settings,
    ];
}
