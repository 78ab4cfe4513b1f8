using System.Diagnostics;

namespace SpendGuard.Sidecar.Tests.SignedPrices;

public class StartTests
{
    [Theory]
    [InlineData("CAP_PRICING_FILE", "no-such-document.json", "The sidecar did not start: it got no prices from ")]
    [InlineData("CAP_PRICING_SIGNING_PUBLIC_KEY", "none", "The settings are wrong:")]
    public async Task Start_ThatFails_SaysOneSentenceAndEndsWithTwo(string setting, string value, string sentence)
    {
        using var folder = new TempFolder();
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "SpendGuard.Sidecar.dll")])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder.Path,
        };
        start.WithoutSettings();
        start.Environment["CAP_PRICING_SOURCE"] = "file";
        start.Environment["CAP_PRICING_FILE"] = "other.json";
        start.Environment["CAP_SQLITE_PATH"] = folder.File("budget.db");
        start.Environment[setting] = value;

        using var sidecar = Process.Start(start)!;
        var output = sidecar.StandardOutput.ReadToEndAsync();
        var error = await sidecar.StandardError.ReadToEndAsync();
        await sidecar.WaitForExitAsync();

        Assert.Equal(2, sidecar.ExitCode);
        Assert.StartsWith(sentence, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error + await output, StringComparison.Ordinal);
    }
}
