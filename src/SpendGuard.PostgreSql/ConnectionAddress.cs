using Npgsql;

namespace SpendGuard.PostgreSql;

/// <summary>Takes a connection string in the form of an address too, such as <c>postgresql://user:password@host:5432/database</c>.</summary>
internal static class ConnectionAddress
{
    /// <summary>What is said of one that cannot be read. Nothing of it is repeated: there is a password in it.</summary>
    public const string Unreadable =
        "The connection string cannot be read. It looks like 'Host=db;Database=spend;Username=spendguard;Password=…' or "
        + "'postgresql://spendguard:…@db:5432/spend', the password with special characters as %XX.";

    /// <summary>The string as Npgsql takes it; null when it is not one.</summary>
    public static string? TryNormalize(string connectionString)
    {
        var isAddress = connectionString.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
            || connectionString.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);
        try
        {
            return isAddress ? FromAddress(new Uri(connectionString)) : new NpgsqlConnectionStringBuilder(connectionString).ConnectionString;
        }
        catch (Exception exception) when (exception is FormatException or KeyNotFoundException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The string as Npgsql takes it.</summary>
    /// <exception cref="ArgumentException">It is not one.</exception>
    public static string Normalize(string connectionString) =>
        TryNormalize(connectionString) ?? throw new ArgumentException(Unreadable, nameof(connectionString));

    private static string FromAddress(Uri address)
    {
        var builder = new NpgsqlConnectionStringBuilder { Host = address.Host };
        if (address.Port > 0)
        {
            builder.Port = address.Port;
        }

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
            _ = name switch
            {
                "sslmode" => builder["SSL Mode"] = value.Replace("-", "", StringComparison.Ordinal),
                "sslrootcert" => builder.RootCertificate = value,
                "application_name" => builder.ApplicationName = value,
                "connect_timeout" => builder["Timeout"] = value,
                "options" => builder.Options = value,
                _ => throw new FormatException($"The setting {name} is not known."),
            };
        }

        return builder.ConnectionString;
    }
}
