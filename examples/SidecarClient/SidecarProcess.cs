using System.Diagnostics;

namespace SpendGuard.Examples.SidecarClient;

/// <summary>The sidecar as a process that ends with this one, on a free port and with a fresh budget file.</summary>
internal sealed class SidecarProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spendguard-");
    private readonly TaskCompletionSource<Uri> _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _log = [];
    private readonly Process _process;

    private SidecarProcess(Uri? openAI)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SpendGuard.Sidecar.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["CAP_SQLITE_PATH"] = Path.Combine(_folder.FullName, "budgets.db");

        // The prices that ship with SpendGuard; in earnest, prices are signed and fetched.
        start.Environment["CAP_PRICING_SOURCE"] = "bundled";
        if (openAI is not null)
        {
            start.Environment["OPENAI_BASE_URL"] = openAI.ToString();
            start.Environment["OPENAI_API_KEY"] = "no-key-needed";
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public static async Task<SidecarProcess> StartAsync(Uri? openAI)
    {
        var sidecar = new SidecarProcess(openAI);
        sidecar._process.Start();
        sidecar._process.BeginOutputReadLine();
        sidecar._process.BeginErrorReadLine();
        if (await Task.WhenAny(sidecar._listens.Task, sidecar._process.WaitForExitAsync()) != sidecar._listens.Task)
        {
            await sidecar.DisposeAsync();
            throw new InvalidOperationException("The sidecar did not start:\n" + string.Join('\n', sidecar._log));
        }

        sidecar.Address = await sidecar._listens.Task;
        return sidecar;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Read(string? line)
    {
        lock (_log)
        {
            _log.Add(line ?? "");
        }

        if (line?.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var start)
        {
            _listens.TrySetResult(new Uri(line[(start + Listening.Length)..]));
        }
    }
}
