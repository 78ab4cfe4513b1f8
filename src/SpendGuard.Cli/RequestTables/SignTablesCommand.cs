using System.CommandLine;
using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.Cli.Prices;
using SpendGuard.SignedPrices.Documents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.RequestTables;

/// <summary><c>spendguard tables sign</c>: dates a document of request tables and signs it.</summary>
internal sealed class SignTablesCommand
{
    public SignTablesCommand(Shell shell, Func<ParseResult, ReportWriter> writer)
    {
        var key = PriceOptions.Key();
        var input = PriceOptions.Input("Document of request tables to sign, as 'tables show' writes it");
        var output = PriceOptions.Output("File to write the signed document to");
        var expiresIn = PriceOptions.ExpiresIn();
        Command = new Command("sign", "Date a document of request tables with now, and sign it with the key of the prices.") { key, input, output, expiresIn };
        Command.SetAction(async (parsed, stop) =>
        {
            var keys = await PrivateKeyFile.ReadAsync(shell, parsed.GetRequiredValue(key), stop);
            var document = await Files.ReadAsync(shell, parsed.GetRequiredValue(input), "--in", stop);
            var (now, span) = (shell.Time.GetUtcNow(), parsed.GetValue(expiresIn) ?? PriceOptions.DefaultExpiresIn);
            try
            {
                var signed = TableSigning.Sign(document, keys, VerificationSettings.Read(shell), now, span);
                await Files.WriteAsync(shell, parsed.GetRequiredValue(output), signed, stop);
            }
            catch (SignedDocumentException exception)
            {
                throw new CommandFailedException($"Not signed, because a sidecar would refuse it. {exception.Message}", innerException: exception);
            }

            writer(parsed).Write(new Report(parsed.GetRequiredValue(output), now, now + span, keys.PublicKey));
        });
    }

    public Command Command { get; }

    private sealed class Report(string path, DateTimeOffset generatedAt, DateTimeOffset expiresAt, string publicKey) : IReport
    {
        public JsonNode Json => new JsonObject
        {
            ["signed"] = path,
            ["generated_at"] = Moment.Of(generatedAt),
            ["expires_at"] = Moment.Of(expiresAt),
            ["public_key"] = publicKey,
        };

        public IEnumerable<string> Lines =>
        [
            Line.Of("signed", path), Line.Of("generated_at", Moment.Of(generatedAt)), Line.Of("expires_at", Moment.Of(expiresAt)), Line.Of("public_key", publicKey),
        ];

        public IRenderable Picture => Markup.FromInterpolated($"[green]Signed[/] [bold]{path}[/], in force until {Moment.Of(expiresAt)}.");
    }
}
