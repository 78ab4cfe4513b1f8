using System.Diagnostics;
using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Prices;

/// <summary>Every command of the page about prices runs as it is printed.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class PricesPageTests : IDisposable
{
    private readonly PriceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Commands_OfThePage_RunOneAfterTheOther()
    {
        var blocks = ShellBlocks(await File.ReadAllTextAsync(PriceFolder.Sample("prices.md")));
        File.Copy(PriceFolder.Sample("maps", "litellm.json"), _folder.PathOf("model_prices_and_context_window.json"));
        File.Copy(PriceFolder.Sample("maps", "models.dev.json"), _folder.PathOf("api.json"));
        _folder.Write("spendguard", $"""
            #!/bin/sh
            exec "{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"}" "{Path.Combine(AppContext.BaseDirectory, "SpendGuard.Cli.dll")}" "$@"
            """);

        // A server runs until it is stopped; the lines after it do so once it has said that it serves.
        var script = string.Join('\n', blocks).Replace(
            "spendguard prices serve --in prices.json --key prices.key --expires-in 24h",
            """
            mkfifo served
            spendguard prices serve --in prices.json --key prices.key --expires-in 24h --urls http://127.0.0.1:0 > served &
            sed /CAP_PRICING_SIGNING_PUBLIC_KEY=/q served
            kill $!
            wait $! || test $? -eq 143
            """,
            StringComparison.Ordinal);

        var (exitCode, output, error) = await BashAsync("set -eux\nchmod +x spendguard\nPATH=\"$PWD:$PATH\"\n" + script);

        Assert.True(exitCode == 0, error);
        Assert.Equal(4, blocks.Count);
        Assert.Equal(9, error.Split('\n').Count(line => line.StartsWith('+') && line.Contains("spendguard prices ", StringComparison.Ordinal)));
        Assert.Contains("verdict=valid", output, StringComparison.Ordinal);
        Assert.Contains("CAP_PRICING_URL=http://127.0.0.1:", output, StringComparison.Ordinal);
    }

    private static List<string> ShellBlocks(string page) =>
        [.. page.Split("```sh\n").Skip(1).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)])];

    private async Task<(int ExitCode, string Output, string Error)> BashAsync(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(_folder.PathOf("prices.json"))!,
        })!;
        var output = bash.StandardOutput.ReadToEndAsync();
        var error = bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return (bash.ExitCode, await output, await error);
    }
}
