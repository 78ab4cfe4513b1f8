using System.Diagnostics;
using SpendGuard.StressChild;

namespace SpendGuard.PostgreSql.Tests.Sharing;

/// <summary>A process that uses the engine, and the lines that it prints.</summary>
internal sealed class LibraryProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private LibraryProcess(Process process, Action onLine)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        Lines = ReadAsync(onLine);
    }

    /// <summary>All that it printed, once it has ended well.</summary>
    public Task<IReadOnlyList<string[]>> Lines { get; }

    public static LibraryProcess Start(Action onLine, params IEnumerable<string> arguments)
    {
        var program = typeof(StressModel).Assembly.Location;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        return new LibraryProcess(Process.Start(start) ?? throw new InvalidOperationException("The process did not start."), onLine);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<IReadOnlyList<string[]>> ReadAsync(Action onLine)
    {
        var lines = new List<string[]>();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line.Split(' '));
            onLine();
        }

        await _process.WaitForExitAsync();
        Assert.True(_process.ExitCode == 0, await _errors);
        return lines;
    }
}
