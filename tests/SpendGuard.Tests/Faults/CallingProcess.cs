using System.Diagnostics;
using System.Globalization;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Tests.Faults;

/// <summary>A process that calls the model, 32 calls at once, and what it says of them.</summary>
internal sealed class CallingProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly List<Line> _lines = [];

    private CallingProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        Output = ReadAsync();
    }

    /// <summary>One call that has ended.</summary>
    /// <param name="Outcome">How it ended for its caller.</param>
    /// <param name="Agent">The agent.</param>
    /// <param name="Run">The run, which is the call's own.</param>
    /// <param name="Charged">What the answer says that it cost; null when there was none.</param>
    internal sealed record Line(string Outcome, string Agent, string Run, long? Charged);

    /// <summary>Called for each line, with how many there have been.</summary>
    public Action<int>? OnLine { get; set; }

    /// <summary>Everything that it printed; there once it has ended.</summary>
    public Task<IReadOnlyList<Line>> Output { get; }

    public static CallingProcess Start(string file, SimulatedProvider provider, int round, int calls, params IEnumerable<string> agents)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "SpendGuard.StressChild.dll"),
            "call", file, provider.OpenAIEndpoint.ToString(), $"{round}", $"{calls}", .. agents,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // It lives for a second: what the compiler learns for later is lost on it.
        start.Environment["DOTNET_TieredPGO"] = "0";
        return new CallingProcess(Process.Start(start) ?? throw new InvalidOperationException("The process did not start."));
    }

    /// <summary>Ends it as the system does when it runs out of memory: with SIGKILL, which nothing can catch.</summary>
    public async Task KillAsync()
    {
        Assert.False(_process.HasExited, "It ended by itself: " + (_process.HasExited ? await _errors : ""));
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await Output;
    }

    /// <summary>Waits until it has made all of its calls.</summary>
    public async Task<IReadOnlyList<Line>> FinishAsync()
    {
        await _process.WaitForExitAsync();
        Assert.True(_process.ExitCode == 0, await _errors);
        return await Output;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task<IReadOnlyList<Line>> ReadAsync()
    {
        await Task.Yield();
        while (await _process.StandardOutput.ReadLineAsync() is { } text)
        {
            // A killed process may leave half a line.
            if (text.Split(' ') is [var outcome, var agent, var run, var charged])
            {
                _lines.Add(new Line(outcome, agent, run, charged is "" ? null : long.Parse(charged, CultureInfo.InvariantCulture)));
                OnLine?.Invoke(_lines.Count);
            }
        }

        OnLine?.Invoke(int.MaxValue);
        return _lines;
    }
}
