using System.CommandLine;
using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.Pricing;
using SpendGuard.SignedPrices.Documents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Prices;

/// <summary><c>spendguard prices verify</c>: judges a price document as a sidecar would, and names the first thing that is wrong.</summary>
internal sealed class VerifyCommand
{
    public VerifyCommand(Shell shell, Func<ParseResult, ReportWriter> writer)
    {
        var input = PriceOptions.Input("Price document: a file, or an http or https address");
        var publicKey = PriceOptions.PublicKey();
        Command = new Command("verify", "Judge a price document as the sidecar would. Ends with 1 when it would be refused.") { input, publicKey };
        Command.SetAction(async (parsed, stop) =>
        {
            var source = parsed.GetRequiredValue(input);
            var options = VerificationSettings.Read(shell, parsed.GetValue(publicKey));
            var text = await PriceInput.ReadAsync(shell, source, options, stop);
            try
            {
                PriceDocuments.Verify(text, source, options, shell.Time);
                writer(parsed).Write(new ValidReport(source, PriceBook.Parse(text, source), new NotUnderstood(text)));
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

    private sealed class ValidReport(string source, PriceBook book, NotUnderstood notUnderstood) : IReport
    {
        public JsonNode Json => new JsonObject
        {
            ["verdict"] = "valid",
            ["source"] = source,
            ["models"] = book.Models.Count,
            ["generated_at"] = Moment.Of(book.GeneratedAt),
            ["expires_at"] = Moment.Of(book.ExpiresAt),
            ["not_understood"] = notUnderstood.Json,
        };

        public IEnumerable<string> Lines =>
        [
            Line.Of("verdict", "valid"), Line.Of("source", source), Line.Of("models", book.Models.Count),
            Line.Of("generated_at", Moment.Of(book.GeneratedAt)), Line.Of("expires_at", Moment.Of(book.ExpiresAt)), .. notUnderstood.Lines,
        ];

        public IRenderable Picture => notUnderstood.Below(Markup.FromInterpolated(
            $"[green]Valid[/]: {source}, generated at {Moment.Of(book.GeneratedAt)}, is in force until {Moment.Of(book.ExpiresAt)} (models: {book.Models.Count})."));
    }
}
