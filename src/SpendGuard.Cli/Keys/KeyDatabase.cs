using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using SpendGuard.Budgets;
using SpendGuard.Cli.Output;
using SpendGuard.PostgreSql;
using SpendGuard.PostgreSql.Keys;

namespace SpendGuard.Cli.Keys;

/// <summary>The keys of hosted mode, in the database that has its budgets.</summary>
internal sealed class KeyDatabase(Shell shell)
{
    private readonly Option<string?> _postgres = new("--postgres")
    {
        Description = "On the host of hosted mode: the connection string [default: CAP_POSTGRES]",
        HelpName = "string",
        Recursive = true,
    };

    public void AddTo(Command command) => command.Options.Add(_postgres);

    /// <summary>Whether the command line itself names a database.</summary>
    public bool IsNamed(ParseResult parsed) => parsed.GetValue(_postgres) is not null;

    /// <summary>An agent that may have been named.</summary>
    /// <exception cref="CommandFailedException">It is no id.</exception>
    public static AgentId? Agent(string? id)
    {
        try
        {
            return id is null ? (AgentId?)null : new AgentId(id);
        }
        catch (ArgumentException wrong)
        {
            throw Wrong(wrong);
        }
    }

    /// <exception cref="CommandFailedException">There is no database, it does not work, or what was asked for cannot be.</exception>
    public async Task<IReport> UseAsync(ParseResult parsed, Func<ApiKeyStore, Task<IReport>> use, CancellationToken stop)
    {
        var connection = parsed.GetValue(_postgres) ?? shell.Variable("CAP_POSTGRES") ?? throw new CommandFailedException(
            "Which database has the keys? Give --postgres, or set CAP_POSTGRES; or give --agent for the keys of a sidecar's agent.", ExitCode.Usage);
        try
        {
            await using var database = PostgresConnections.Open(connection);

            // The first key is made before any sidecar has used the database.
            await PostgresBudgetStore.MigrateAsync(new PostgresStoreOptions { Connections = database }, stop);
            return await use(new ApiKeyStore(database, NullLogger.Instance));
        }
        catch (StoreUnavailableException unavailable)
        {
            throw new CommandFailedException(unavailable.Message, innerException: unavailable);
        }
        catch (ArgumentException wrong)
        {
            throw Wrong(wrong);
        }
    }

    private static CommandFailedException Wrong(ArgumentException wrong) => new(wrong.Message.Split(" (Parameter", 2)[0], ExitCode.Usage, wrong);
}
