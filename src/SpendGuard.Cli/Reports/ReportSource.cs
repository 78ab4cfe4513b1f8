using System.CommandLine;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SpendGuard.Budgets;
using SpendGuard.Cli.Connection;
using SpendGuard.Storage;

namespace SpendGuard.Cli.Reports;

/// <summary>Where a report comes from: a sidecar, or the file of one, which is read while others write to it.</summary>
internal sealed class ReportSource(Shell shell, ConnectionOptions connection)
{
    private readonly Option<string?> _database = new("--database")
    {
        Description = "A SQLite file to read in place of a sidecar, while others may be writing to it",
        HelpName = "file",
    };

    public void AddTo(Command command) => command.Options.Add(_database);

    /// <exception cref="CommandFailedException">It cannot be read, and why.</exception>
    public async Task<Answer<ReportView>> ReadAsync(ParseResult parsed, IReadOnlyList<string> by, DateTimeOffset? since, DateTimeOffset? until, CancellationToken stop)
    {
        if (parsed.GetValue(_database) is not { } file)
        {
            using var sidecar = connection.Connect(parsed);
            return await sidecar.ReportAsync(by, since, until, stop);
        }

        var query = new ReportQuery { By = by.Aggregate(ReportBy.All, static (sum, name) => sum | Enum.Parse<ReportBy>(name, ignoreCase: true)), Since = since, Until = until };
        var view = ReportView.Of(await ReadFileAsync(Path.Combine(shell.Folder, file), query, stop), by);
        return new Answer<ReportView>(view, JsonSerializer.SerializeToNode(view, BodyJson.Default.ReportView)!);
    }

    private static async Task<SpendReport> ReadFileAsync(string path, ReportQuery query, CancellationToken stop)
    {
        if (Directory.Exists(path))
        {
            throw new CommandFailedException($"'{path}' is a folder. Give the file in it that the sidecar keeps: CAP_SQLITE_PATH.");
        }

        if (!File.Exists(path))
        {
            throw new CommandFailedException($"There is no file '{path}'. Give the one that the sidecar keeps: CAP_SQLITE_PATH.");
        }

        await using var store = new SqliteBudgetStore(new SqliteStoreOptions { Path = path, Mode = SqliteOpenMode.ReadOnly });
        try
        {
            return await StoreReports.ReadAsync(store, query, stop);
        }
        catch (StoreUnavailableException unavailable)
        {
            throw new CommandFailedException(unavailable.Message, innerException: unavailable);
        }
    }
}
