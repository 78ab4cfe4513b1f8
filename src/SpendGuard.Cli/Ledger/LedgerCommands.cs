using System.CommandLine;
using SpendGuard.Cli.Agents;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Numbers;

namespace SpendGuard.Cli.Ledger;

/// <summary><c>spendguard ledger …</c>.</summary>
internal sealed class LedgerCommands
{
    private readonly ConnectionOptions _connection;

    public LedgerCommands(Shell shell, ConnectionOptions connection)
    {
        _connection = connection;
        Command = new Command("ledger", "Read the ledger, and hold it against a provider's bill.")
        {
            List(shell), new ExportCommand(shell, connection).Command, new ReconcileCommand(shell, connection).Command,
        };
        connection.AddTo(Command);
    }

    public Command Command { get; }

    private Command List(Shell shell)
    {
        var agent = AgentOption.Optional(_connection, "Only of this agent");
        var after = new Option<long>("--after") { Description = "Sequence of the last entry that is known already", HelpName = "sequence" }.Whole();
        var limit = new Option<int>("--limit") { Description = "Most entries to list", HelpName = "entries", DefaultValueFactory = static _ => 50 }.Whole(of: "entries");
        var command = new Command("list", "List entries of the ledger, oldest first.") { agent, after, limit };
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var page = await sidecar.ReadLedgerAsync(parsed.GetValue(agent), parsed.GetValue(after), parsed.GetValue(limit), stop);
            _connection.Writer(parsed).Write(new LedgerReport(page));
            if (page.Body.HasMore && !shell.IsTerminal && !_connection.IsJson(parsed))
            {
                // Not among the lines: whoever reads them reads entries.
                await shell.Error.WriteLineAsync($"There are more entries: --after {page.Body.NextAfter}");
            }
        });
        return command;
    }
}
