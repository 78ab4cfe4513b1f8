using System.CommandLine;
using SpendGuard.Cli.Documents;
using SpendGuard.Cli.Output;

namespace SpendGuard.Cli.Prices;

/// <summary><c>spendguard prices …</c>: an organisation's own signed price document, from the key to the server.</summary>
internal sealed class PriceCommands
{
    public PriceCommands(Shell shell)
    {
        var json = new Option<bool>("--json") { Description = "Answer in JSON", Recursive = true };
        ReportWriter Writer(ParseResult parsed) => new(shell, parsed.GetValue(json));
        var document = new PriceDocument();
        Command = new Command("prices", "Show prices, import them, and publish a signed price document of your own.")
        {
            new ShowCommand(shell, Writer).Command,
            new ImportCommand(shell, Writer).Command,
            new KeygenCommand(shell, Writer).Command,
            new SignCommand(shell, document, Writer).Command,
            new VerifyCommand(shell, document, Writer).Command,
            new ServeCommand(shell).Command,
        };
        Command.Options.Add(json);
    }

    public Command Command { get; }
}
