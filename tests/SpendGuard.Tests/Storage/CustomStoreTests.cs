using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SpendGuard.Tests.Storage;

/// <summary>A store outside of the solution, which sees nothing but the packages, can keep the contract.</summary>
public sealed partial class CustomStoreTests
{
    [Fact]
    public async Task ExampleStore_OfPackagesOnly_PassesTheShippedSuite()
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Root(), "examples", "CustomStore", "run.sh")])
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
    }

    [GeneratedRegex(@"Failed: +0, Passed: +(?<count>\d+), Skipped: +0", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
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
