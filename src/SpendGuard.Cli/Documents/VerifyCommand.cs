using System.CommandLine;
using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.Cli.Prices;
using SpendGuard.SignedPrices.Documents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Documents;

/// <summary>
/// <c>verify</c> of <c>spendguard prices</c> and <c>spendguard tables</c>: judges a document as a sidecar would, and names the first thing that is
/// wrong.
/// </summary>
internal sealed class VerifyCommand
{
    public VerifyCommand(Shell shell, DocumentKind kind, Func<ParseResult, ReportWriter> writer)
    {
        var input = PriceOptions.Input(kind.ToVerify);
        var publicKey = PriceOptions.PublicKey();
        Command = new Command("verify", kind.Verify) { input, publicKey };
        Command.SetAction(async (parsed, stop) =>
        {
            var source = parsed.GetRequiredValue(input);
            var options = kind.Asked(VerificationSettings.Read(shell, parsed.GetValue(publicKey)));
            var text = await PriceInput.ReadAsync(shell, source, options, stop);
            try
            {
                writer(parsed).Write(new ValidReport(source, kind.Judge(text, source, options, shell.Time)));
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

    private sealed class ValidReport(string source, JudgedDocument judged) : IReport
    {
        public JsonNode Json => judged.Json(new JsonObject { ["verdict"] = "valid", ["source"] = source });

        public IEnumerable<string> Lines => judged.Lines([Line.Of("verdict", "valid"), Line.Of("source", source)]);

        public IRenderable Picture => judged.Picture(Markup.FromInterpolated(
            $"[green]Valid[/]: {source}, generated at {Moment.Of(judged.GeneratedAt)}, is in force until {Moment.Of(judged.Until.At)}{judged.ModelsInBrackets}."));
    }
}
