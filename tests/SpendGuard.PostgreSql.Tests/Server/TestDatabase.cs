using Npgsql;

namespace SpendGuard.PostgreSql.Tests.Server;

/// <summary>A database of a test class's own on the server that the tests are given.</summary>
public sealed class TestDatabase : IAsyncLifetime
{
    /// <summary>How long a store may take for what is not meant to fail: only one that hangs takes it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What these connections are called, which are not the store's.</summary>
    private const string Name = "test";

    private const string Variable = "SPENDGUARD_TEST_POSTGRES";

    private readonly string _name = $"test_{Guid.NewGuid():N}";

    /// <summary>How to connect to the database.</summary>
    public string ConnectionString { get; private set; } = "";

    private static string Server => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } server
        ? server
        : throw new InvalidOperationException(
            $"These tests need a PostgreSQL server. ./test.sh starts one; or set {Variable} to a connection string of a superuser, "
            + "such as 'Host=127.0.0.1;Username=postgres'.");

    public async Task InitializeAsync()
    {
        await ExecuteAsync(Server, $"CREATE DATABASE {_name} TEMPLATE template0 ENCODING 'UTF8'");
        ConnectionString = new NpgsqlConnectionStringBuilder(Server) { Database = _name }.ConnectionString;
    }

    public Task DisposeAsync() => ExecuteAsync(Server, $"DROP DATABASE {_name} WITH (FORCE)");

    /// <summary>Runs something on the database, past the store.</summary>
    public Task ExecuteAsync(string sql) => ExecuteAsync(ConnectionString, sql);

    /// <summary>Asks the database for one value, past the store.</summary>
    public async Task<object?> QueryAsync(string sql)
    {
        await using var connection = Connect(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    internal static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = Connect(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlConnection Connect(string connectionString) =>
        new(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            ApplicationName = Name,
            Timeout = (int)Patience.TotalSeconds,
            CommandTimeout = (int)Patience.TotalSeconds,
        }.ConnectionString);
}
