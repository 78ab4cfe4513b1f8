using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SpendGuard.Cli.Runs.Children;

/// <summary>
/// The program of a run. The terminal is its own: it reads and writes what this process was given, and what is typed goes to it. What is
/// meant for it and reaches this process instead is passed on.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>Two interrupts within this time are meant for good.</summary>
    private static readonly TimeSpan Twice = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly bool _hasTerminal;
    private readonly Lock _lock = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly CancellationTokenSource _impatient = new();
    private long? _interrupted;
    private bool _gone;

    private ChildProcess(Process process, TimeProvider time)
    {
        _process = process;
        _time = time;
        _hasTerminal = !Console.IsInputRedirected || !Console.IsOutputRedirected || !Console.IsErrorRedirected;
    }

    /// <summary>Cancelled by an interrupt after the program has ended: whoever waits does not want to wait for the rest.</summary>
    public CancellationToken Impatient => _impatient.Token;

    public int Id => _process.Id;

    /// <param name="file">The path of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Its whole environment.</param>
    /// <param name="folder">Where it starts.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="CommandFailedException">It cannot be started.</exception>
    public static ChildProcess Start(
        string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string folder, TimeProvider time)
    {
        try
        {
            var start = StartInfo(file, arguments, folder);
            start.Environment.Clear();
            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }

            return Start(start, time);
        }
        catch (Exception exception) when (exception is Win32Exception or ArgumentException or InvalidOperationException)
        {
            throw new CommandFailedException($"'{file}' cannot be started: {exception.Message}", ExitCode.CannotStart, exception);
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>What it ended with; of one that a signal ended, 128 and the signal's number.</returns>
    public async Task<int> WaitAsync()
    {
        // Not by the token of the command: what is asked to stop is the program, and its end is told here.
        await _process.WaitForExitAsync(CancellationToken.None);
        lock (_lock)
        {
            _gone = true;
        }

        return _process.ExitCode;
    }

    /// <summary>Ends it and what it has started.</summary>
    public void Kill()
    {
        lock (_lock)
        {
            if (!_gone && !_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
    }

    public void Dispose()
    {
        _signals.ForEach(static signal => signal.Dispose());
        _impatient.Dispose();
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string file, IReadOnlyList<string> arguments, string folder)
    {
        if (OperatingSystem.IsWindows() && CommandShim.IsOne(file))
        {
            var interpreter = Environment.GetEnvironmentVariable("ComSpec") ?? "cmd.exe";
            return new ProcessStartInfo(interpreter, CommandShim.Arguments(file, arguments)) { UseShellExecute = false, WorkingDirectory = folder };
        }

        return new ProcessStartInfo(file, arguments) { UseShellExecute = false, WorkingDirectory = folder };
    }

    private static ChildProcess Start(ProcessStartInfo start, TimeProvider time)
    {
        // Listened to before the program starts, so that no signal ends this process and leaves the program alone.
        var child = new ChildProcess(new Process { StartInfo = start }, time);
        try
        {
            child.Listen(PosixSignal.SIGINT, child.OnInterrupt);
            child.Listen(PosixSignal.SIGQUIT, static () => { });
            child.Listen(PosixSignal.SIGTERM, () => child.PassOn(Signals.Terminate));
            child.Listen(PosixSignal.SIGHUP, () => child.PassOn(Signals.Hangup));
            child._process.Start();
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    private void Listen(PosixSignal signal, Action act) => _signals.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        act();
    }));

    /// <summary>A terminal interrupts all that run in it, the program too. Without one, only this process was meant by whoever sent it.</summary>
    private void OnInterrupt()
    {
        lock (_lock)
        {
            if (_gone)
            {
                _impatient.Cancel();
                return;
            }

            var again = _interrupted is { } before && _time.GetElapsedTime(before) < Twice;
            _interrupted = _time.GetTimestamp();
            if (again)
            {
                _process.Kill(entireProcessTree: true);
            }
            else if (!_hasTerminal)
            {
                Signals.Send(_process.Id, Signals.Interrupt);
            }
        }
    }

    private void PassOn(int signal)
    {
        lock (_lock)
        {
            if (_gone)
            {
                _impatient.Cancel();
            }
            else
            {
                Signals.Send(_process.Id, signal);
            }
        }
    }
}
