using System.Globalization;
using Npgsql;

namespace SpendGuard.PostgreSql.Schema;

/// <summary>What kind of server it is, and whether a commit on it is worth its name.</summary>
internal sealed record PostgresServer(string Version, bool Synced)
{
    private const int LeastVersion = 140_000;

    private const string Settings =
        """
        SELECT version(), current_setting('server_version_num', true), current_setting('server_encoding', true),
            current_setting('synchronous_commit', true), current_setting('fsync', true)
        """;

    /// <summary>Asks the server.</summary>
    /// <exception cref="StoreUnavailableException">It is too old, or would lose or change what the store gives it.</exception>
    public static async Task<PostgresServer> CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Settings, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await row.ReadAsync(cancellationToken).ConfigureAwait(false);
        var version = row.GetString(0);
        Check(version, Text(1), Text(2), Text(3));
        return new PostgresServer(string.Join(' ', version.Split(' ').Take(2)), Text(4) is not "off");

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }

    internal static void Check(string version, string? number, string? encoding, string? synchronousCommit)
    {
        // Servers that only speak like PostgreSQL give the number of the one that they were made after.
        var speaksLikeIt = version.Contains("CockroachDB", StringComparison.Ordinal) || version.Contains("-YB-", StringComparison.Ordinal);
        if (!speaksLikeIt && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed < LeastVersion)
        {
            throw new StoreUnavailableException($"The server is {version}; the budget store needs PostgreSQL 14 or later. Update it.");
        }

        if (encoding is not (null or "UTF8"))
        {
            throw new StoreUnavailableException(
                $"The database has the encoding {encoding}, in which not every id can be stored. Create one with UTF8: CREATE DATABASE spend ENCODING 'UTF8' TEMPLATE template0.");
        }

        if (synchronousCommit is "off")
        {
            throw new StoreUnavailableException(
                "synchronous_commit is off: a hold could be lost after its call was made. Turn it on for the store's user: ALTER ROLE … SET synchronous_commit = on.");
        }
    }
}
