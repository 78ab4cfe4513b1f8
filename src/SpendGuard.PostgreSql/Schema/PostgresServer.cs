using System.Globalization;
using Npgsql;

namespace SpendGuard.PostgreSql.Schema;

/// <summary>What kind of server it is, and whether a commit on it is worth its name.</summary>
/// <param name="Version">Its name and number.</param>
/// <param name="Notifies">Whether it has NOTIFY, as those that only speak like PostgreSQL do not.</param>
/// <param name="Pooled">Whether the process at the server is another than the one that it was said to be, so that a pooler stands between.</param>
internal sealed record PostgresServer(string Version, bool Notifies, bool Pooled)
{
    private const int LeastVersion = 140_000;

    private const string Settings =
        """
        SELECT version(), current_setting('server_version_num', true), current_setting('server_encoding', true),
            current_setting('synchronous_commit', true), current_setting('fsync', true),
            current_setting('in_hot_standby', true), pg_backend_pid()
        """;

    /// <summary>Asks the server.</summary>
    /// <exception cref="StoreUnavailableException">It is too old, or would lose or change what the store gives it.</exception>
    public static async Task<PostgresServer> CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Settings, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await row.ReadAsync(cancellationToken).ConfigureAwait(false);
        var version = row.GetString(0);
        Check(version, Text(1), Text(2), Text(3), Text(4), Text(5));
        return new PostgresServer(string.Join(' ', version.Split(' ').Take(2)), Notifies: !OnlySpeaksLikeIt(version), Pooled: row.GetInt32(6) != connection.ProcessID);

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }

    internal static void Check(string version, string? number, string? encoding, string? synchronousCommit, string? fsync = null, string? standby = null)
    {
        // Servers that only speak like PostgreSQL give the number of the one that they were made after.
        if (!OnlySpeaksLikeIt(version) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed < LeastVersion)
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

        if (fsync is "off")
        {
            throw new StoreUnavailableException(
                "The server runs with fsync off: a hold could be lost with the machine after its call was made. Turn it on: ALTER SYSTEM SET fsync = on.");
        }

        if (standby is "on")
        {
            throw new StoreUnavailableException("The server is a standby, which may not know yet what was held and spent. Connect to the primary.");
        }
    }

    private static bool OnlySpeaksLikeIt(string version) => version.Contains("CockroachDB", StringComparison.Ordinal) || version.Contains("-YB-", StringComparison.Ordinal);
}
