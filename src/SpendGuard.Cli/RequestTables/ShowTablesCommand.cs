using System.CommandLine;
using System.Text;
using SpendGuard.Sidecar.Dialects.Tables.Signed;

namespace SpendGuard.Cli.RequestTables;

/// <summary><c>spendguard tables show</c>: the tables that ship with SpendGuard, as a document to begin with.</summary>
internal sealed class ShowTablesCommand
{
    public ShowTablesCommand(Shell shell)
    {
        Command = new Command("show", "Write the request tables that ship with SpendGuard, as an unsigned document to begin with.");
        Command.SetAction(async (_, stop) =>
        {
            await shell.Output.WriteLineAsync(Encoding.UTF8.GetString(TableDocuments.Bundled()).AsMemory(), stop);
            await shell.Output.FlushAsync(stop);
        });
    }

    public Command Command { get; }
}
