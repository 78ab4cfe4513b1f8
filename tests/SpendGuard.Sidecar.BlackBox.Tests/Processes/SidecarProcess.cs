using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace SpendGuard.Sidecar.BlackBox.Tests;

/// <summary>A running sidecar, and what it has said so far.</summary>
internal sealed partial class SidecarProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stopwatch _age = Stopwatch.StartNew();

    private SidecarProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>How long it took from its start to its first answer that it is ready.</summary>
    public TimeSpan ColdStart { get; private set; }

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    /// <summary>Starts one and waits until it is ready, or has ended.</summary>
    public static Task<SidecarProcess> StartAsync(string folder, IReadOnlyDictionary<string, string> settings, params IEnumerable<string> args) =>
        StartAsync(SidecarExecutable.Start(folder, settings, args));

    /// <summary>The same of a start that a test has changed.</summary>
    public static async Task<SidecarProcess> StartAsync(ProcessStartInfo start)
    {
        var sidecar = new SidecarProcess(Process.Start(start) ?? throw new InvalidOperationException("The sidecar did not start."));
        try
        {
            await sidecar.UntilReadyAsync();
            return sidecar;
        }
        catch
        {
            await sidecar.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one that is expected to refuse to start.</summary>
    public static async Task<(int ExitCode, string Errors)> RunToEndAsync(
        string folder, IReadOnlyDictionary<string, string> settings, params IEnumerable<string> args)
    {
        await using var sidecar = Launch(folder, settings, args);
        await Poll.UntilAsync(() => sidecar.HasExited || sidecar._address.Task.IsCompleted, "the sidecar's refusal to start");
        Assert.True(sidecar.HasExited, "It started:\n" + sidecar.Output);
        return (await sidecar.ExitAsync(), sidecar.Errors);
    }

    /// <summary>Asks it to stop, as a supervisor does.</summary>
    public void RequestStop() => Assert.Equal(0, Kill(_process.Id, Terminate));

    /// <summary>Ends it with SIGKILL, which nothing can catch.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for its end, and for everything that it has said.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);

    private static SidecarProcess Launch(string folder, IReadOnlyDictionary<string, string> settings, IEnumerable<string> args) =>
        new(Process.Start(SidecarExecutable.Start(folder, settings, args)) ?? throw new InvalidOperationException("The sidecar did not start."));

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private void Read(string? line)
    {
        Append(_output, line);
        if (line?.IndexOf(Listening, StringComparison.Ordinal) is { } at and >= 0)
        {
            _address.TrySetResult(new Uri(line[(at + Listening.Length)..].Trim()));
        }
    }

    private async Task UntilReadyAsync()
    {
        await Poll.UntilAsync(() => _address.Task.IsCompleted || HasExited, "the sidecar's start");
        Assert.True(_address.Task.IsCompleted, $"It ended by itself:\n{Output}\n{Errors}");
        Address = await _address.Task;
        using var http = new HttpClient { BaseAddress = Address };
        await Poll.UntilAsync(
            async () =>
            {
                using var answer = await http.GetAsync("/ready");
                return (int)answer.StatusCode;
            },
            status => status == 200,
            "the sidecar's readiness");
        ColdStart = _age.Elapsed;
    }
}
