using System.CommandLine;
using SpendGuard.Cli.Agents;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Numbers;

namespace SpendGuard.Cli.Ledger;

/// <summary><c>spendguard ledger …</c>.</summary>
internal sealed class LedgerCommands
{
    public LedgerCommands(Shell shell, ConnectionOptions connection)
    {
        Command = new Command("ledger", "Read the ledger, and hold it against a provider's bill.")
        {
            new ListCommand(shell, connection).Command, new ExportCommand(shell, connection).Command, new ReconcileCommand(shell, connection).Command,
        };
        connection.AddTo(Command);
    }

    public Command Command { get; }
}
