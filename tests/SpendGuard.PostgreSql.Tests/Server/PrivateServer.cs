using System.Diagnostics;
using System.Globalization;

namespace SpendGuard.PostgreSql.Tests.Server;

/// <summary>A PostgreSQL server of one test's own, which may be killed. It runs on a socket in a folder of its own.</summary>
internal sealed class PrivateServer : IAsyncDisposable
{
    private const string Variable = "SPENDGUARD_TEST_POSTGRES_BIN";

    /// <summary>What a standby calls itself at its primary.</summary>
    private const string Standby = "standby";

    private readonly string _programs;
    private readonly string _folder;

    private bool _killed;

    private PrivateServer(string programs, string folder)
    {
        _programs = programs;
        _folder = folder;
    }

    public string ConnectionString => ConnectionStringOf(_folder);

    /// <summary>How to connect to whichever of two is the primary.</summary>
    public string ConnectionStringWith(PrivateServer other) => ConnectionStringOf($"{_folder},{other._folder}") + ";Host Recheck Seconds=0";

    /// <summary>Sets something at once, for all connections.</summary>
    public async Task SetAsync(string setting)
    {
        await TestDatabase.ExecuteAsync(ConnectionString, $"ALTER SYSTEM SET {setting}");
        await TestDatabase.ExecuteAsync(ConnectionString, "SELECT pg_reload_conf()");
    }

    private string Data => Path.Combine(_folder, "data");

    public static async Task<PrivateServer> StartAsync()
    {
        var server = await CreateAsync();

        // Only a machine that loses its power would lose what is not on the disk yet.
        await RunAsync(
            Path.Combine(server._programs, "initdb"), "--pgdata", server.Data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync");
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>A standby of this server, without which no commit is confirmed from then on.</summary>
    public async Task<PrivateServer> StartStandbyAsync()
    {
        var standby = await CreateAsync();
        await RunAsync(
            Path.Combine(_programs, "pg_basebackup"),
            "--pgdata", standby.Data, "--no-sync", "--checkpoint", "fast", "--write-recovery-conf", "--dbname", $"host={_folder} user=postgres application_name={Standby}");
        await standby.StartAgainAsync();
        await SetAsync($"synchronous_standby_names = '{Standby}'");
        return standby;
    }

    /// <summary>Makes a standby the primary.</summary>
    public Task PromoteAsync() => RunAsync(Path.Combine(_programs, "pg_ctl"), "--pgdata", Data, "--wait", "promote");

    /// <summary>Ends the server as kill -9 does: nothing is written, nobody is told.</summary>
    public async Task KillAsync()
    {
        var number = (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0];
        using var postmaster = Process.GetProcessById(int.Parse(number, CultureInfo.InvariantCulture));
        postmaster.Kill();
        await postmaster.WaitForExitAsync();
        _killed = true;
    }

    /// <summary>Starts it; after a kill as soon as what the dead one left running has gone.</summary>
    public async Task StartAgainAsync()
    {
        var options = $"-c listen_addresses='' -c unix_socket_directories='{_folder}' -c max_connections=300";
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await RunAsync(Path.Combine(_programs, "pg_ctl"), "--pgdata", Data, "--wait", "--log", Path.Combine(_folder, "log"), "--options", options, "start");
                _killed = false;
                return;
            }
            catch (InvalidOperationException) when (started.Elapsed < TestDatabase.Patience)
            {
                await Task.Delay(100);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_killed)
            {
                await RunAsync(Path.Combine(_programs, "pg_ctl"), "--pgdata", Data, "--mode", "immediate", "stop");
            }
        }
        finally
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static async Task<PrivateServer> CreateAsync() =>
        new(FindPrograms(), (await RunAsync("mktemp", "-d", "-t", "spendguard-postgres.XXXXXX")).Trim());

    private static string ConnectionStringOf(string folders) => $"Host={folders};Username=postgres;Database=postgres";

    private static string FindPrograms() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
            ? given
            : new DirectoryInfo("/usr/lib/postgresql") is { Exists: true } installed
                && installed.GetDirectories().OrderBy(version => version.Name, StringComparer.Ordinal).LastOrDefault() is { } latest
            ? Path.Combine(latest.FullName, "bin")
            : throw new InvalidOperationException(
                $"This test starts a PostgreSQL server, and there is none. ./test.sh installs it; or set {Variable} to the folder of initdb and pg_ctl.");

    // The server refuses to run as root; the package has made a user for it.
    private static async Task<string> RunAsync(params string[] command)
    {
        string[] all = string.Equals(Environment.UserName, "root", StringComparison.Ordinal) ? ["runuser", "-u", "postgres", "--", .. command] : command;
        var start = new ProcessStartInfo(all[0], all[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");

        // The server inherits both, so that they stay open after pg_ctl has ended.
        var (said, complained) = (process.StandardOutput.ReadLineAsync(), process.StandardError.ReadLineAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await said ?? ""
            : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {await complained}");
    }
}
