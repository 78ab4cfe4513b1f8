using System.Diagnostics;
using System.Runtime.InteropServices;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Packaging;

/// <summary>The tool as it ships: packed, and installed from the packages, with nothing but these to install from.</summary>
public sealed class PackedTool : IAsyncLifetime
{
    /// <summary>This one's, and the one whose natives are the largest. The others are made alike, and each takes its time.</summary>
    private static readonly string Systems = string.Join(';', new[] { RuntimeInformation.RuntimeIdentifier, "osx-x64" }.Distinct());

    /// <summary>The tests that share it: to pack and install it takes its time.</summary>
    public const string Collection = "The packed tool";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spendguard-tool-");

    /// <summary>Where the command is.</summary>
    public string ToolPath => Path.Combine(_folder.FullName, "tool");

    public string Command => Path.Combine(ToolPath, "spendguard");

    public string Folder => _folder.FullName;

    /// <summary>The packages: the one that is named, and those that it picks from.</summary>
    public string Packages => Path.Combine(_folder.FullName, "packages");

    public async Task InitializeAsync()
    {
        var configuration = Path.Combine(_folder.FullName, "NuGet.config");
        await File.WriteAllTextAsync(
            configuration, $"""<configuration><packageSources><clear/><add key="here" value="{Packages}"/></packageSources></configuration>""");
        await DotnetAsync(
            Folder, "pack", Repository.Path("src", "SpendGuard.Cli"), "--no-build", "-m:1", "--configuration", Repository.Configuration, "--output", Packages, $"-p:ToolPackageRuntimeIdentifiers=\"{Systems}\"");
        await DotnetAsync(Folder, "tool", "install", "SpendGuard.Cli", "--tool-path", ToolPath, "--configfile", configuration);
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    internal static async Task<(int ExitCode, string Output, string Error)> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    internal static async Task DotnetAsync(string folder, params IReadOnlyList<string> args)
    {
        var start = new ProcessStartInfo("dotnet", args) { WorkingDirectory = folder };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment.Remove("MSBuildSDKsPath");
        var (exitCode, output, error) = await RunAsync(start);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', args)}\n{output}\n{error}");
    }
}

/// <summary>What makes one <see cref="PackedTool"/> for all.</summary>
[CollectionDefinition(PackedTool.Collection)]
public sealed class PackedToolCollection : ICollectionFixture<PackedTool>;
