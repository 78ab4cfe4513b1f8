using System.CommandLine;
using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.Pricing;
using SpendGuard.SignedPrices.Documents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Prices;

/// <summary><c>spendguard prices sign</c>: dates a price document and signs it.</summary>
internal sealed class SignCommand
{
    public SignCommand(Shell shell, Func<ParseResult, ReportWriter> writer)
    {
        var key = PriceOptions.Key();
        var input = PriceOptions.Input("Price document to sign");
        var output = PriceOptions.Output("File to write the signed document to");
        var expiresIn = PriceOptions.ExpiresIn();
        Command = new Command("sign", "Date a price document with now, and sign it.") { key, input, output, expiresIn };
        Command.SetAction(async (parsed, stop) =>
        {
            var keys = await PrivateKeyFile.ReadAsync(shell, parsed.GetRequiredValue(key), stop);
            var document = await Files.ReadAsync(shell, parsed.GetRequiredValue(input), "--in", stop);
            var (signed, book) = Sign(document, keys);
            await Files.WriteAsync(shell, parsed.GetRequiredValue(output), signed, stop);
            writer(parsed).Write(new Report(parsed.GetRequiredValue(output), book, keys.PublicKey, new NotUnderstood(signed)));

            (byte[], PriceBook) Sign(byte[] text, PriceKeyPair pair)
            {
                try
                {
                    return PriceSigning.Sign(text, pair, VerificationSettings.Read(shell), shell.Time.GetUtcNow(), parsed.GetValue(expiresIn) ?? PriceOptions.DefaultExpiresIn);
                }
                catch (SignedDocumentException exception)
                {
                    throw new CommandFailedException($"Not signed, because a sidecar would refuse it. {exception.Message}", innerException: exception);
                }
            }
        });
    }

    public Command Command { get; }

    private sealed class Report(string path, PriceBook book, string publicKey, NotUnderstood notUnderstood) : IReport
    {
        public JsonNode Json => new JsonObject
        {
            ["signed"] = path,
            ["models"] = book.Models.Count,
            ["generated_at"] = Moment.Of(book.GeneratedAt),
            ["expires_at"] = Moment.Of(book.ExpiresAt),
            ["public_key"] = publicKey,
            ["not_understood"] = notUnderstood.Json,
        };

        public IEnumerable<string> Lines =>
        [
            Line.Of("signed", path), Line.Of("models", book.Models.Count),
            Line.Of("generated_at", Moment.Of(book.GeneratedAt)), Line.Of("expires_at", Moment.Of(book.ExpiresAt)), Line.Of("public_key", publicKey), .. notUnderstood.Lines,
        ];

        public IRenderable Picture => notUnderstood.Below(
            Markup.FromInterpolated($"[green]Signed[/] [bold]{path}[/] (models: {book.Models.Count}), in force until {Moment.Of(book.ExpiresAt)}."));
    }
}
