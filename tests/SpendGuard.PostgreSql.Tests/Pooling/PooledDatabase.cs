using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using SpendGuard.PostgreSql.Tests.Server;
using SpendGuard.Testing;

namespace SpendGuard.PostgreSql.Tests.Pooling;

/// <summary>A database behind a PgBouncer of its own, which gives each transaction any of few connections.</summary>
public sealed class PooledDatabase : IAsyncLifetime
{
    private const string Program = "pgbouncer";

    private readonly TestDatabase _database = new();
    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort();
    private Process? _pooler;

    /// <summary>How to connect through it, as a program does that knows nothing of it.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>The same as an address.</summary>
    public string Address => $"postgresql://postgres@127.0.0.1:{_port}/{new NpgsqlConnectionStringBuilder(ConnectionString).Database}";

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        var server = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        var configuration = _folder.File("pgbouncer.ini");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            [databases]
            * = host={server.Host} port={server.Port.ToString(CultureInfo.InvariantCulture)} user={server.Username} password={server.Password ?? "none"}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {_port.ToString(CultureInfo.InvariantCulture)}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 4
            max_client_conn = 300
            ignore_startup_parameters = extra_float_digits
            """);
        var start = new ProcessStartInfo(FindProgram(), IsRoot ? ["-q", "-u", "postgres", configuration] : ["-q", configuration])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (IsRoot && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.GetDirectoryName(configuration)!, (UnixFileMode)0b111_101_101);
            File.SetUnixFileMode(configuration, (UnixFileMode)0b110_100_100);
        }

        _pooler = Process.Start(start) ?? throw new InvalidOperationException($"{Program} did not start.");
        _ = _pooler.StandardError.ReadToEndAsync();
        ConnectionString = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = _port,
            Username = "postgres",
            Database = server.Database,
        }.ConnectionString;
        await Eventually.HoldsAsync(CanConnectAsync);
    }

    public async Task DisposeAsync()
    {
        if (_pooler is not null)
        {
            _pooler.Kill();
            await _pooler.WaitForExitAsync();
            _pooler.Dispose();
        }

        await _database.DisposeAsync();
        _folder.Dispose();
    }

    private static bool IsRoot => string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    private async Task<bool> CanConnectAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException) when (!_pooler!.HasExited)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindProgram() =>
        ((string[])["/usr/sbin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]).Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"This test starts {Program}, and there is none. ./test.sh installs it.");
}
