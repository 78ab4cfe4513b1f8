using System.Diagnostics;
using System.Globalization;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Packaging;

[Trait(Traits.Category, Traits.Slow)]
[Collection(PackedTool.Collection)]
public sealed class PackedToolTests(PackedTool tool)
{
    [Fact]
    public void Packages_HaveTheNativesOfOneSystem_AndAreSmall()
    {
        var packages = Directory.EnumerateFiles(tool.Packages, "*.nupkg").Select(package => new FileInfo(package)).ToList();

        Assert.Contains(packages, package => package.Name.StartsWith("SpendGuard.Cli.osx-x64.", StringComparison.Ordinal));
        Assert.All(packages, package => Assert.InRange(package.Length, 1, 10_000_000));
        Assert.All(
            packages.Where(package => package.Name.Contains('-', StringComparison.Ordinal)),
            package => Assert.Equal(2, System.IO.Compression.ZipFile.OpenRead(package.FullName).Entries.Count(entry => Path.GetExtension(entry.Name) is ".so" or ".dylib")));
    }

    [Fact]
    public async Task InstalledTool_TellsItsVersionAndItsCommands()
    {
        var version = await PackedTool.RunAsync(new ProcessStartInfo(tool.Command, ["--version"]));
        var help = await PackedTool.RunAsync(new ProcessStartInfo(tool.Command, ["--help"]));

        Assert.Equal((0, ""), (version.ExitCode, version.Error));
        Assert.StartsWith("0.1.0", version.Output, StringComparison.Ordinal);
        Assert.Contains("spendguard [command] [options]", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InstalledTool_RunsTheSidecarAndTalksToIt()
    {
        await using var provider = await SimulatedProvider.StartAsync();
        var start = new ProcessStartInfo(
            tool.Command,
            ["sidecar", "--URLS", "http://127.0.0.1:0", "--CAP_PRICING_SOURCE", "bundled", "--OPENAI_API_KEY", "key", "--OPENAI_BASE_URL", provider.OpenAIEndpoint.ToString()])
        {
            WorkingDirectory = tool.Folder,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.WithoutSettings().Environment["XDG_DATA_HOME"] = tool.Folder;
        using var sidecar = Process.Start(start)!;
        string? line;
        do
        {
            line = await sidecar.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The sidecar has ended.");
        }
        while (!line.StartsWith("address=", StringComparison.Ordinal));

        var address = line["address=".Length..];
        var bootstrap = await PackedTool.RunAsync(new ProcessStartInfo(tool.Command, ["bootstrap", "--name", "me", "--limit", "5", "--base-url", address]));
        var doctor = await PackedTool.RunAsync(new ProcessStartInfo(tool.Command, ["doctor", "--base-url", address]));

        var stopped = await PackedTool.RunAsync(new ProcessStartInfo("kill", [sidecar.Id.ToString(CultureInfo.InvariantCulture)]));
        await sidecar.StandardOutput.ReadToEndAsync();
        await sidecar.WaitForExitAsync();
        Assert.Contains("\nremaining_cents=5\n", bootstrap.Output, StringComparison.Ordinal);
        Assert.Contains("\ndry_run=ok ", doctor.Output, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0, 0), (bootstrap.ExitCode, doctor.ExitCode, stopped.ExitCode, sidecar.ExitCode));
    }

    [Fact]
    public async Task Completion_WorksInBash()
    {
        const string Line = "spendguard budget s";
        var script = string.Create(
            CultureInfo.InvariantCulture,
            $"source <(spendguard completion bash); COMP_LINE='{Line}' COMP_POINT={Line.Length} COMP_WORDS=(spendguard budget s) COMP_CWORD=2; _spendguard; echo \"${{COMPREPLY[@]}}\"");
        var start = new ProcessStartInfo("bash", ["-c", script]);
        start.Environment["PATH"] = $"{tool.ToolPath}:{start.Environment["PATH"]}";

        var (exitCode, output, error) = await PackedTool.RunAsync(start);

        Assert.Equal((0, "set\n", ""), (exitCode, output, error));
    }

    [Fact]
    public void InstalledTool_AsksOfTheRuntimeWhatTheSidecarDoes()
    {
        var runtime = File.ReadAllText(Directory.EnumerateFiles(tool.ToolPath, "SpendGuard.Cli.runtimeconfig.json", SearchOption.AllDirectories).Single());

        Assert.Contains("\"Microsoft.AspNetCore.App\"", runtime, StringComparison.Ordinal);
        Assert.Contains("\"Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators\": true", runtime, StringComparison.Ordinal);
    }
}
