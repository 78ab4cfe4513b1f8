using Npgsql;

namespace SpendGuard.PostgreSql;

/// <summary>Which database a <see cref="PostgresBudgetStore"/> keeps its budgets in and how it works on it.</summary>
public sealed class PostgresStoreOptions
{
    /// <summary>
    /// How to connect: as Npgsql takes it, such as <c>Host=db;Database=spend;Username=spendguard;Password=…</c>, or an address, such as
    /// <c>postgresql://spendguard:…@db:5432/spend</c>. Either this or <see cref="DataSource"/>.
    /// </summary>
    public string? ConnectionString { get; init; }

    /// <summary>Connections that others use too. The store does not dispose them. A slim one needs <c>EnableArrays</c>.</summary>
    public NpgsqlDataSource? DataSource { get; init; }

    /// <summary>Whose budgets these are: 1 to 200 visible characters. Tenants share the tables and see nothing of one another.</summary>
    public string Tenant { get; init; } = "default";

    /// <summary>Whether opening the store brings the tables to the version that it needs. If not, run <see cref="PostgresBudgetStore.MigrateAsync"/> before.</summary>
    public bool AutoMigrate { get; init; } = true;

    /// <summary>How many commands one transaction commits at most. More queue up while it is under way and share the next one.</summary>
    public int MaxBatch { get; init; } = 64;

    /// <summary>How long a command waits for its turn, and then how long its commit is tried, before it fails; likewise for reading.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether statements are prepared. Behind a pooler they never are: it is noticed when the store opens, and a connection string may say so
    /// (<c>pgbouncer=true</c>).
    /// </summary>
    public bool Prepare { get; init; } = true;

    /// <summary>Connections that several stores share, in place of the ones above.</summary>
    internal PostgresConnections? Connections { get; init; }

    /// <summary>What <see cref="Timeout"/> is measured by.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Throws when something is missing or out of range.</summary>
    internal static PostgresStoreOptions Check(PostgresStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Connections is null && (options.ConnectionString is null) == (options.DataSource is null))
        {
            throw new ArgumentException("Give either a connection string or a data source.", nameof(options));
        }

        if (options.Connections is null && options.DataSource is null && string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            throw new ArgumentException("The connection string is empty.", nameof(options));
        }

        if (options.ConnectionString is { } connectionString)
        {
            ConnectionAddress.Read(connectionString);
        }

        Budgets.Identifier.Validate(options.Tenant, "tenant");
        if (options.MaxBatch is < 1 or > 1000)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxBatch, "MaxBatch lies between 1 and 1000.");
        }

        if (options.Timeout <= TimeSpan.Zero || options.Timeout > TimeSpan.FromDays(1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Timeout, "Timeout is more than nothing and at most a day.");
        }

        return options;
    }
}
