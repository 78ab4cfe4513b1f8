using System.CommandLine;
using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.Cli.Prices;
using SpendGuard.Sidecar.Dialects.Tables.Signed;
using SpendGuard.SignedPrices.Documents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.RequestTables;

/// <summary><c>spendguard tables verify</c>: judges a document of request tables as a sidecar would, and names the first thing that is wrong.</summary>
internal sealed class VerifyTablesCommand
{
    public VerifyTablesCommand(Shell shell, Func<ParseResult, ReportWriter> writer)
    {
        var input = PriceOptions.Input("Document of request tables: a file, or an http or https address");
        var publicKey = PriceOptions.PublicKey();
        Command = new Command("verify", "Judge a document of request tables as this version's sidecar would. Ends with 1 when it would be refused.") { input, publicKey };
        Command.SetAction(async (parsed, stop) =>
        {
            var source = parsed.GetRequiredValue(input);
            var options = TableDocuments.Name(VerificationSettings.Read(shell, parsed.GetValue(publicKey)));
            var text = await PriceInput.ReadAsync(shell, source, options, stop);
            try
            {
                var (generatedAt, usableUntil) = TableDocuments.Verify(text, source, options, shell.Time);
                writer(parsed).Write(new ValidReport(source, generatedAt, usableUntil));
                return ExitCode.Done;
            }
            catch (SignedDocumentException refusal)
            {
                writer(parsed).Write(new RefusedReport(source, refusal));
                return ExitCode.Failed;
            }
        });
    }

    public Command Command { get; }

    private sealed class ValidReport(string source, DateTimeOffset generatedAt, DateTimeOffset usableUntil) : IReport
    {
        public JsonNode Json => new JsonObject
        {
            ["verdict"] = "valid",
            ["source"] = source,
            ["generated_at"] = Moment.Of(generatedAt),
            ["usable_until"] = Moment.Of(usableUntil),
        };

        public IEnumerable<string> Lines =>
        [
            Line.Of("verdict", "valid"), Line.Of("source", source), Line.Of("generated_at", Moment.Of(generatedAt)), Line.Of("usable_until", Moment.Of(usableUntil)),
        ];

        public IRenderable Picture => Markup.FromInterpolated(
            $"[green]Valid[/]: {source}, generated at {Moment.Of(generatedAt)}, is in force until {Moment.Of(usableUntil)}.");
    }
}
