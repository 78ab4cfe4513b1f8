using Npgsql;

namespace SpendGuard.PostgreSql;

/// <summary>Opens databases.</summary>
internal static class PostgresConnections
{
    // Slim: no reflection, and of the types only those that are used. Encryption is for the server to ask for.
    public static NpgsqlDataSource Open(string connectionString)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(ConnectionAddress.Normalize(connectionString));
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        return builder.Build();
    }
}
