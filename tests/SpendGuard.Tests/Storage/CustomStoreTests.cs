using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Storage;

/// <summary>A store outside of the solution, which sees nothing but the packages, can keep the contract.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed partial class CustomStoreTests
{
    [Fact]
    public async Task ExampleStore_OfPackagesOnly_PassesTheShippedSuite()
    {
        var example = Path.Combine(Root(), "examples", "CustomStore");
        var start = new ProcessStartInfo("bash", [Path.Combine(example, "run.sh")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("MSBuildSDKsPath");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        var log = await output + await errors;
        Assert.True(process.ExitCode == 0, log);
        Assert.True(int.Parse(Passed().Match(log).Groups["count"].Value, CultureInfo.InvariantCulture) > 60, log);
        AssertPackagesOnly(await File.ReadAllTextAsync(Path.Combine(example, "obj", "project.assets.json")));
    }

    /// <summary>What was restored: the engine as a package, and of the version that the suite was built with, because it uses its internals.</summary>
    private static void AssertPackagesOnly(string assets)
    {
        using var restored = JsonDocument.Parse(assets);
        var libraries = restored.RootElement.GetProperty("libraries").EnumerateObject().ToList();
        Assert.All(libraries, library => Assert.Equal("package", library.Value.GetProperty("type").GetString()));
        var engine = Assert.Single(libraries, library => library.Name.StartsWith("SpendGuard/", StringComparison.Ordinal)).Name;
        var suite = Assert.Single(
            restored.RootElement.GetProperty("targets").EnumerateObject().Single().Value.EnumerateObject(),
            library => library.Name.StartsWith("SpendGuard.Testing.Stores/", StringComparison.Ordinal)).Value;
        Assert.Equal($"[{engine.Split('/')[1]}]", suite.GetProperty("dependencies").GetProperty("SpendGuard").GetString());
    }

    [GeneratedRegex(@"Failed: +0, Passed: +(?<count>\d+), Skipped: +0", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Passed();

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SpendGuard.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run from within the repository.");
        }

        return folder;
    }
}
