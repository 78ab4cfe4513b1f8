using System.CommandLine;
using SpendGuard.Cli.Documents;
using SpendGuard.Cli.Output;

namespace SpendGuard.Cli.RequestTables;

/// <summary><c>spendguard tables …</c>: an organisation's own request tables, from those that ship to a signed document.</summary>
internal sealed class TableCommands
{
    public TableCommands(Shell shell)
    {
        var json = new Option<bool>("--json") { Description = "Answer in JSON", Recursive = true };
        ReportWriter Writer(ParseResult parsed) => new(shell, parsed.GetValue(json));
        var document = new TableDocument();
        Command = new Command("tables", "Show what requests may have in them, and publish signed tables of your own.")
        {
            new ShowTablesCommand(shell).Command,
            new SignCommand(shell, document, Writer).Command,
            new VerifyCommand(shell, document, Writer).Command,
        };
        Command.Options.Add(json);
    }

    public Command Command { get; }
}
