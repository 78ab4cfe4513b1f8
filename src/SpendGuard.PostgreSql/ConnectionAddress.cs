using System.Data.Common;
using Npgsql;

namespace SpendGuard.PostgreSql;

/// <summary>Takes a connection string in the form of an address too, such as <c>postgresql://user:password@host:5432/database</c>.</summary>
internal static class ConnectionAddress
{
    /// <summary>What other programs know the setting by that a pooler in transaction mode stands between.</summary>
    private const string Pooler = "pgbouncer";

    /// <summary>What is said of one that cannot be read. Nothing of it is repeated: there is a password in it.</summary>
    public const string Unreadable =
        "The connection string cannot be read. It looks like 'Host=db;Database=spend;Username=spendguard;Password=…' or "
        + "'postgresql://spendguard:…@db:5432/spend', the password with special characters as %XX.";

    /// <summary>Whether a string can be read.</summary>
    public static bool IsReadable(string connectionString) => TryRead(connectionString) is not null;

    /// <summary>The string as Npgsql takes it, and whether it says that a pooler in transaction mode stands between.</summary>
    /// <exception cref="ArgumentException">It cannot be read, or would connect to a server that may lag.</exception>
    public static (string Normalized, bool BehindPooler) Read(string connectionString)
    {
        var (builder, behindPooler) = TryRead(connectionString) ?? throw new ArgumentException(Unreadable, nameof(connectionString));

        // The store changes nothing of a session, and behind a pooler what is reset may be somebody else's.
        builder.NoResetOnClose = true;
        if (builder.Host?.Contains(',', StringComparison.Ordinal) == true)
        {
            builder.TargetSessionAttributes ??= "read-write";
        }

        return builder.TargetSessionAttributes is null or "primary" or "read-write"
            ? (builder.ConnectionString, behindPooler)
            : throw new ArgumentException(
                $"Target Session Attributes is {builder.TargetSessionAttributes}: a standby may not know yet what was held and spent. Leave it out, or set it to read-write.",
                nameof(connectionString));
    }

    private static (NpgsqlConnectionStringBuilder Builder, bool BehindPooler)? TryRead(string connectionString)
    {
        var isAddress = connectionString.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
            || connectionString.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);
        try
        {
            var read = isAddress ? FromAddress(new Uri(connectionString)) : FromKeywords(connectionString);
            return string.IsNullOrEmpty(read.Builder.Host) || read.Builder.MinPoolSize > read.Builder.MaxPoolSize ? null : read;
        }
        catch (Exception exception) when (exception is FormatException or KeyNotFoundException or ArgumentException)
        {
            return null;
        }
    }

    private static (NpgsqlConnectionStringBuilder Builder, bool BehindPooler) FromKeywords(string connectionString)
    {
        var keywords = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var behindPooler = keywords.TryGetValue(Pooler, out var told) && bool.Parse((string)told);
        keywords.Remove(Pooler);
        return (new NpgsqlConnectionStringBuilder(keywords.ConnectionString), behindPooler);
    }

    private static (NpgsqlConnectionStringBuilder Builder, bool BehindPooler) FromAddress(Uri address)
    {
        var builder = new NpgsqlConnectionStringBuilder { Host = address.Host };
        if (address.Port > 0)
        {
            builder.Port = address.Port;
        }

        var behindPooler = false;
        var user = address.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
        {
            builder.Username = Uri.UnescapeDataString(user[0]);
        }

        if (user.Length > 1)
        {
            builder.Password = Uri.UnescapeDataString(user[1]);
        }

        if (address.AbsolutePath.Length > 1)
        {
            builder.Database = Uri.UnescapeDataString(address.AbsolutePath[1..]);
        }

        foreach (var setting in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (setting.Split('=')[0], Uri.UnescapeDataString(setting.Split('=', 2)[^1]));
            object? _ = name switch
            {
                "sslmode" => builder["SSL Mode"] = value.Replace("-", "", StringComparison.Ordinal),
                "sslrootcert" => builder.RootCertificate = value,
                "application_name" => builder.ApplicationName = value,
                "connect_timeout" => builder["Timeout"] = value,
                "options" => builder.Options = value,
                "target_session_attrs" => builder.TargetSessionAttributes = value,
                "connection_limit" => builder["Maximum Pool Size"] = value,
                Pooler => behindPooler = bool.Parse(value),
                _ => throw new FormatException($"The setting {name} is not known."),
            };
        }

        return (builder, behindPooler);
    }
}
