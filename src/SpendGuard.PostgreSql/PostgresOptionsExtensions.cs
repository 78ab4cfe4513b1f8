using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpendGuard.PostgreSql;

namespace SpendGuard;

/// <summary>Chooses PostgreSQL to keep budgets in.</summary>
public static class PostgresOptionsExtensions
{
    /// <summary>Keeps budgets in a PostgreSQL database, which processes on many machines may share.</summary>
    /// <param name="options">The options.</param>
    /// <param name="connectionString">How to connect: as Npgsql takes it, or an address such as <c>postgresql://user:password@host/database</c>.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ArgumentException">The string cannot be read.</exception>
    public static SpendGuardOptions UsePostgres(this SpendGuardOptions options, string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return options.UsePostgres(new PostgresStoreOptions { ConnectionString = connectionString });
    }

    /// <summary>Keeps budgets in a PostgreSQL database, which processes on many machines may share.</summary>
    /// <param name="options">The options.</param>
    /// <param name="store">Which database it is and how to work on it.</param>
    /// <returns>The options.</returns>
    public static SpendGuardOptions UsePostgres(this SpendGuardOptions options, PostgresStoreOptions store)
    {
        ArgumentNullException.ThrowIfNull(options);
        PostgresStoreOptions.Check(store);
        options.Store = services => new PostgresBudgetStore(store, services.GetService<ILogger<PostgresBudgetStore>>());
        return options;
    }
}
