using System.Diagnostics;
using System.Text;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Cli.Tests.Runs;

/// <summary>A user with a home and provider keys of their own, who runs programs under a budget: the command in a process, as it ships.</summary>
internal sealed class RunSession : IAsyncDisposable
{
    /// <summary>What every real key here has in it.</summary>
    public const string Real = "the-real-key";

    private readonly TempFolder _home = new();

    private RunSession(SimulatedProvider provider) => Provider = provider;

    public SimulatedProvider Provider { get; }

    /// <summary>Variables beside those that there are; null takes one away.</summary>
    public Dictionary<string, string?> Variables { get; } = new(StringComparer.Ordinal);

    public string Home => _home.Path;

    public string Data => Path.Combine(Home, "data", "spendguard");

    /// <summary>A program that does as it is told, which every machine has that runs these tests.</summary>
    public static string[] Program(params string[] actions) =>
        [Dotnet, Path.Combine(AppContext.BaseDirectory, "SpendGuard.StressChild.dll"), "program", .. actions];

    private static string Tool => Path.Combine(AppContext.BaseDirectory, "SpendGuard.Cli.dll");

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static async Task<RunSession> StartAsync(SimulatedProviderOptions? options = null) =>
        new(await SimulatedProvider.StartAsync(options ?? new SimulatedProviderOptions()));

    /// <summary>Runs <c>spendguard run</c> to its end.</summary>
    public Task<Ran> RunAsync(string options, params string[] command) => SpendGuardAsync([.. $"run {options} --".Split(' '), .. command]);

    /// <summary>Runs the command to its end.</summary>
    public async Task<Ran> SpendGuardAsync(params string[] arguments)
    {
        await using var started = Start(arguments);
        return await started.EndAsync();
    }

    /// <summary>Starts <c>spendguard run</c>.</summary>
    public StartedRun StartRun(string options, params string[] command) => Start([.. $"run {options} --".Split(' '), .. command]);

    /// <summary>Starts <c>spendguard run</c> on a terminal of its own, as a person does. What is shown there is its output.</summary>
    /// <remarks>By the program that every Linux has for it.</remarks>
    public StartedRun StartRunOnTerminal(string options, params string[] command)
    {
        var words = (string[])[Dotnet, Tool, .. $"run {options} --".Split(' '), .. command];
        var start = new ProcessStartInfo("script", ["--quiet", "--return", "--command", string.Join(' ', words.Select(word => $"'{word}'")), "/dev/null"]);
        return new StartedRun(Start(start), isTerminal: true);
    }

    /// <summary>Puts a file into the home.</summary>
    public void Write(string name, string text)
    {
        var path = Path.Combine(Home, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        _home.Dispose();
    }

    private StartedRun Start(string[] arguments)
    {
        // Nobody types anything: there are programs that take what they are asked from there too, and wait for its end.
        // Started in the background by a shell, these tests have SIGINT ignored, which all that they start would have from them.
        var process = Start(OperatingSystem.IsLinux()
            ? new ProcessStartInfo("env", ["--default-signal=INT", Dotnet, Tool, .. arguments])
            : new ProcessStartInfo(Dotnet, [Tool, .. arguments]));
        process.StandardInput.Close();
        return new StartedRun(process, isTerminal: false);
    }

    private Process Start(ProcessStartInfo start)
    {
        start.WorkingDirectory = Home;
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.WithoutSettings();
        foreach (var (name, value) in OfSession().Concat(Variables))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private Dictionary<string, string?> OfSession() => new(StringComparer.Ordinal)
    {
        ["HOME"] = Home,
        ["XDG_DATA_HOME"] = Path.Combine(Home, "data"),
        ["DOTNET_CLI_HOME"] = Home,
        ["OPENAI_BASE_URL"] = Provider.OpenAIEndpoint.ToString(),
        ["ANTHROPIC_BASE_URL"] = Provider.BaseAddress.ToString(),
        ["GEMINI_BASE_URL"] = Provider.BaseAddress.ToString(),
        ["OPENAI_API_KEY"] = Real + "-openai",
        ["ANTHROPIC_API_KEY"] = Real + "-anthropic",
        ["GEMINI_API_KEY"] = Real + "-gemini",
    };
}

/// <summary>The command under way.</summary>
internal sealed class StartedRun : IAsyncDisposable
{
    private readonly Process _process;
    private readonly WatchedWriter _output = new();
    private readonly StringBuilder _error = new();
    private readonly Task _read;

    /// <param name="process">The command.</param>
    /// <param name="isTerminal">Whether a person looks at its output: not every line of it ends.</param>
    public StartedRun(Process process, bool isTerminal)
    {
        _process = process;
        _read = Task.WhenAll(isTerminal ? ReadAllAsync(process.StandardOutput, _output) : ReadAsync(process.StandardOutput, _output), ReadErrorAsync());
    }

    public int Id => _process.Id;

    /// <summary>Waits until the program has said something.</summary>
    public Task UntilAsync(string said, int times = 1) => _output.UntilAsync(said, times);

    /// <summary>Types a line.</summary>
    public async Task TypeAsync(string line)
    {
        await _process.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync();
    }

    public async Task SendAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <exception cref="TimeoutException">It hangs. What it has said by then is told.</exception>
    public async Task<Ran> EndAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            await _read.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException patienceIsOver)
        {
            _process.Kill(entireProcessTree: true);
            await _read;
            throw new TimeoutException($"It does not end.\n{new Ran(-1, _output.ToString(), _error.ToString())}", patienceIsOver);
        }

        return new Ran(_process.ExitCode, _output.ToString(), _error.ToString());
    }

    /// <summary>Ends it and all that it has started by force.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static async Task ReadAsync(StreamReader from, WatchedWriter to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            to.WriteLine(line);
        }
    }

    private static async Task ReadAllAsync(StreamReader from, WatchedWriter to)
    {
        var buffer = new char[1024];
        while (await from.ReadAsync(buffer) is > 0 and var count)
        {
            to.Write(buffer, 0, count);
        }
    }

    private async Task ReadErrorAsync() => _error.Append(await _process.StandardError.ReadToEndAsync());
}
