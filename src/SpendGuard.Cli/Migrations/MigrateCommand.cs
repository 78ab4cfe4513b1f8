using System.CommandLine;
using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.PostgreSql;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Migrations;

/// <summary><c>spendguard migrate</c>: brings the tables in PostgreSQL to what this version needs, for set-ups whose sidecars may not.</summary>
internal sealed class MigrateCommand
{
    private readonly Option<string?> _postgres = new("--postgres") { Description = "Connection string [default: CAP_POSTGRES]", HelpName = "string" };
    private readonly Option<bool> _json = new("--json") { Description = "Print the answer as JSON" };

    public MigrateCommand(Shell shell)
    {
        Command = new Command("migrate", "Bring the tables in PostgreSQL to the version that this SpendGuard needs.") { _postgres, _json };
        Command.SetAction((parsed, stop) => RunAsync(shell, parsed, stop));
    }

    public Command Command { get; }

    private async Task RunAsync(Shell shell, ParseResult parsed, CancellationToken stop)
    {
        var connection = parsed.GetValue(_postgres) ?? shell.Variable("CAP_POSTGRES") ?? throw new CommandFailedException(
            "Which database is it? Give --postgres, or set CAP_POSTGRES.", ExitCode.Usage);
        try
        {
            var (from, to) = await PostgresBudgetStore.MigrateAsync(new PostgresStoreOptions { ConnectionString = connection }, stop);
            new ReportWriter(shell, parsed.GetValue(_json)).Write(new MigrateReport(from, to));
        }
        catch (StoreUnavailableException unavailable)
        {
            throw new CommandFailedException(unavailable.Message, innerException: unavailable);
        }
        catch (ArgumentException wrong)
        {
            throw new CommandFailedException(wrong.Message.Split(" (Parameter", 2)[0], ExitCode.Usage, wrong);
        }
    }

    private sealed class MigrateReport(int from, int to) : IReport
    {
        public JsonNode Json => new JsonObject { ["from"] = from, ["to"] = to };

        public IEnumerable<string> Lines => [Line.Of("from", from), Line.Of("to", to)];

        public IRenderable Picture => from == to
            ? Markup.FromInterpolated($"The tables have schema {to} already.")
            : Markup.FromInterpolated($"[green]Brought[/] the tables from schema {from} to {to}.");
    }
}
