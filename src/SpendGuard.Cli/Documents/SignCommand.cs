using System.CommandLine;
using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.Cli.Prices;
using SpendGuard.SignedPrices.Documents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Documents;

/// <summary><c>sign</c> of <c>spendguard prices</c> and <c>spendguard tables</c>: dates a document and signs it.</summary>
internal sealed class SignCommand
{
    public SignCommand(Shell shell, DocumentKind kind, Func<ParseResult, ReportWriter> writer)
    {
        var key = PriceOptions.Key();
        var input = PriceOptions.Input(kind.ToSign);
        var output = PriceOptions.Output("File to write the signed document to");
        var expiresIn = PriceOptions.ExpiresIn();
        Command = new Command("sign", kind.Sign) { key, input, output, expiresIn };
        Command.SetAction(async (parsed, stop) =>
        {
            var keys = await PrivateKeyFile.ReadAsync(shell, parsed.GetRequiredValue(key), stop);
            var document = await Files.ReadAsync(shell, parsed.GetRequiredValue(input), "--in", stop);
            var (signed, judged) = Sign(document, keys);
            await Files.WriteAsync(shell, parsed.GetRequiredValue(output), signed, stop);
            writer(parsed).Write(new Report(parsed.GetRequiredValue(output), judged, keys.PublicKey));

            (byte[], JudgedDocument) Sign(byte[] text, PriceKeyPair pair)
            {
                try
                {
                    return DocumentSigning.Sign(
                        kind, text, pair, VerificationSettings.Read(shell), shell.Time.GetUtcNow(), parsed.GetValue(expiresIn) ?? PriceOptions.DefaultExpiresIn);
                }
                catch (SignedDocumentException exception)
                {
                    throw new CommandFailedException($"Not signed, because a sidecar would refuse it. {exception.Message}", innerException: exception);
                }
            }
        });
    }

    public Command Command { get; }

    private sealed class Report(string path, JudgedDocument judged, string publicKey) : IReport
    {
        public JsonNode Json => judged.Json(new JsonObject { ["signed"] = path }, publicKey);

        public IEnumerable<string> Lines => judged.Lines([Line.Of("signed", path)], publicKey);

        public IRenderable Picture => judged.Picture(
            Markup.FromInterpolated($"[green]Signed[/] [bold]{path}[/]{judged.ModelsInBrackets}, in force until {Moment.Of(judged.Until.At)}."));
    }
}
