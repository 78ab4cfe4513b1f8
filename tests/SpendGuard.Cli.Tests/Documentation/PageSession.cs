using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SpendGuard.Calls;
using SpendGuard.Cli.Tests.Doctor;
using SpendGuard.Sidecar.Testing;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>A reader at a shell: an empty folder, a home of its own, a provider that is simulated, and a sidecar unless the page starts one.</summary>
internal sealed class PageSession : IAsyncDisposable
{
    /// <summary>Where nothing listens.</summary>
    private const string NowhereProxy = "http://127.0.0.1:9";

    private readonly DirectoryInfo _folder;
    private readonly PriceFile _prices = new(DateTimeOffset.UtcNow, TimeSpan.FromHours(1));
    private readonly Dictionary<string, string> _variables;
    private readonly SidecarFixture _sidecar;
    private bool _isOnItsOwn;

    private PageSession(SidecarFixture sidecar, DirectoryInfo folder, string database, string agent)
    {
        _folder = folder;
        _sidecar = sidecar;
        Work = _folder.CreateSubdirectory("work").FullName;
        Programs = _folder.CreateSubdirectory("bin").FullName;
        _variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = _folder.CreateSubdirectory("home").FullName,
            ["XDG_DATA_HOME"] = _folder.CreateSubdirectory("data").FullName,
            ["DOTNET_CLI_HOME"] = _folder.FullName,
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["OPENAI_BASE_URL"] = sidecar.Provider.OpenAIEndpoint.ToString(),
            ["OPENAI_API_KEY"] = "the-openai-key",
            ["DATABASE"] = database,
            ["AGENT"] = agent,
            ["API_KEY"] = "",
            ["KEY_ID"] = "",
        };
    }

    /// <summary>Where the commands run.</summary>
    public string Work { get; private set; }

    /// <summary>The first folder of the path.</summary>
    private string Programs { get; }

    /// <summary>Whom the sidecars of the session call.</summary>
    public SimulatedProvider Provider => _sidecar.Provider;

    /// <param name="database">A database for the pages about PostgreSQL; null for none.</param>
    /// <param name="command">The command to run; null for the one that was built with these tests.</param>
    /// <param name="folder">Where it is; null for a new folder where temporary ones are.</param>
    public static async Task<PageSession> StartAsync(string? database = null, string? command = null, DirectoryInfo? folder = null)
    {
        var sidecar = await RunningSidecar.StartAsync();
        var session = new PageSession(sidecar, folder ?? Directory.CreateTempSubdirectory("spendguard-page-"), database ?? "", await sidecar.AgentWithBudgetAsync());
        await session.WriteProgramsAsync(command);
        return session;
    }

    /// <summary>The session's folder, which all that it keeps is in.</summary>
    public string Folder => _folder.FullName;

    /// <summary>Puts the skill there and goes into its folder, as a coding agent does that runs its script.</summary>
    public async Task InstallSkillAsync()
    {
        CutOff();
        (await new Cli { Folder = Work }.RunAsync("skill install --to .")).Succeeded();
        Work = Path.Combine(Work, "spendguard-strict-budget-runner");
    }

    /// <summary>There are no prices but those that it is told of, and nothing of it gets out of this machine.</summary>
    public void CutOff()
    {
        _isOnItsOwn = true;
        foreach (var name in (string[])["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"])
        {
            _variables[name] = NowhereProxy;
        }

        _variables["NO_PROXY"] = _variables["no_proxy"] = "localhost,127.0.0.1";
        _variables["NUGET_PACKAGES"] = _folder.CreateSubdirectory("packages").FullName;
    }

    /// <summary>From here on the sidecar is the one that is started by hand.</summary>
    public void StartSidecarByHand() => Listen(FreePort());

    public void Set(string name, string value) => _variables[name] = value;

    /// <summary>A program as it starts in this session: in its folder, with its variables and nobody else's settings.</summary>
    public ProcessStartInfo Starting(string program, params IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = Work, UseShellExecute = false, RedirectStandardOutput = true };
        start.WithoutSettings();
        foreach (var (name, value) in _variables)
        {
            start.Environment[name] = value;
        }

        start.Environment["PATH"] = $"{Programs}:{start.Environment["PATH"]}";
        return start;
    }

    public async Task<(int ExitCode, string Log)> RunAsync(string script)
    {
        // A page that starts a sidecar or a price server is to use that one.
        var startsSidecar = script.Contains("spendguard sidecar", StringComparison.Ordinal) || script.Contains("SpendGuard.Sidecar", StringComparison.Ordinal);
        var servesPrices = script.Contains("spendguard prices serve", StringComparison.Ordinal);
        Listen(startsSidecar ? FreePort() : new Uri(_sidecar.Address).Port.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in servesPrices || _isOnItsOwn ? [] : _prices.Settings)
        {
            _variables[name] = value!;
        }

        return await BashAsync(await File.ReadAllTextAsync(Repository.Path("tests", "SpendGuard.Cli.Tests", "Documentation", "prelude.sh")) + "\n" + script);
    }

    public async ValueTask DisposeAsync()
    {
        await _sidecar.DisposeAsync();
        _prices.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Listen(string port)
    {
        _variables["SIDECAR_PORT"] = port;
        _variables["CAP_BASE_URL"] = "http://127.0.0.1:" + port;
        _variables["ASPNETCORE_URLS"] = "http://127.0.0.1:" + port;
        _variables["PRICES_PORT"] = FreePort();
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The command as it was built, and a dotnet that runs the projects of the checkout as they were built.</summary>
    private async Task WriteProgramsAsync(string? command)
    {
        // Found before the folder of programs is first in the path.
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
            ?? Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "dotnet")).First(File.Exists);
        var configuration = Repository.Configuration;
        await WriteAsync("spendguard", $"""
            if [ "$1 $2" = "prices serve" ]; then set -- "$@" --urls "http://127.0.0.1:$PRICES_PORT"; fi
            exec {command ?? $"{dotnet} '{Path.Combine(AppContext.BaseDirectory, "SpendGuard.Cli.dll")}'"} "$@"
            """);
        await WriteAsync("dotnet", $"""
            if [ "$1 $2" = "run --project" ]; then
              project=$3; shift 3
              exec {dotnet} "{Repository.Path()}/$project/bin/{configuration}/net10.0/$(basename "$project").dll" "$@"
            fi
            exec {dotnet} "$@"
            """);
        await File.WriteAllTextAsync(Path.Combine(Work, "costs.csv"), "provider,model,cost_usd\n");
    }

    private async Task WriteAsync(string name, string script)
    {
        var path = Path.Combine(Programs, name);
        await File.WriteAllTextAsync(path, "#!/usr/bin/env bash\n" + script + "\n");
        await Process.Start("chmod", ["+x", path]).WaitForExitAsync();
    }

    private async Task<(int ExitCode, string Log)> BashAsync(string script)
    {
        var file = Path.Combine(_folder.FullName, "page.sh");
        await File.WriteAllTextAsync(file, script);
        using var bash = Process.Start(Starting("bash", "-c", $"exec bash '{file}' 2>&1"))!;
        var log = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return (bash.ExitCode, log);
    }
}
