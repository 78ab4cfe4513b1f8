using System.CommandLine;
using SpendGuard.Cli.Output;
using SpendGuard.Pricing.Import;
using SpendGuard.Providers;

namespace SpendGuard.Cli.Prices;

/// <summary><c>spendguard prices import</c>: turns a public price map into a price document, and tells what it would change.</summary>
internal sealed class ImportCommand
{
    private const string LiteLLM = "litellm";
    private const string ModelsDev = "models.dev";

    public ImportCommand(Shell shell, Func<ParseResult, ReportWriter> writer)
    {
        var from = new Option<string>("--from") { Description = $"Format of the map: {LiteLLM} or {ModelsDev}", HelpName = "format", Required = true };
        from.AcceptOnlyFromAmong(LiteLLM, ModelsDev);
        var input = PriceOptions.Input("The map, as downloaded");
        var output = new Option<string?>("--out") { Description = "File to write the price document to, unsigned [default: only tell]", HelpName = "file" };
        var against = new Option<string?>("--against") { Description = "Price document to compare with [default: the one that ships with SpendGuard]", HelpName = "file" };
        var provider = new Option<string[]>("--provider") { Description = "Another provider of the map to read, by the map's name for it, such as azure", HelpName = "name" };
        Command = new Command("import", "Turn a public price map into a price document, and tell what it refuses and would change.")
        {
            from, input, output, against, provider,
        };
        Command.SetAction(async (parsed, stop) =>
        {
            var map = await Files.ReadAsync(shell, parsed.GetRequiredValue(input), "--in", stop);
            var present = await BookFile.ReadAsync(shell, parsed.GetValue(against), "--against", stop);
            var import = Read(parsed.GetRequiredValue(from), map, shell.Time.GetUtcNow(), parsed.GetValue(provider) ?? []);
            if (parsed.GetValue(output) is { } path)
            {
                await Files.WriteAsync(shell, path, import.Document, stop);
            }

            writer(parsed).Write(new ImportReport(import, present));
        });
    }

    public Command Command { get; }

    private static PriceImport Read(string from, byte[] map, DateTimeOffset now, string[] moreProviders)
    {
        try
        {
            return from is LiteLLM ? PriceImport.FromLiteLLM(map, now, Vendor.TermsOf, moreProviders) : PriceImport.FromModelsDev(map, now, Vendor.TermsOf, moreProviders);
        }
        catch (PriceFormatException exception)
        {
            throw new CommandFailedException(exception.Message, innerException: exception);
        }
    }
}
