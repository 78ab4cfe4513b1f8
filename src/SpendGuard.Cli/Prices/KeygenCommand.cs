using System.CommandLine;
using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.SignedPrices.Documents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Prices;

/// <summary><c>spendguard prices keygen</c>: the key pair that an organisation signs its prices with.</summary>
internal sealed class KeygenCommand
{
    public KeygenCommand(Shell shell, Func<ParseResult, ReportWriter> writer)
    {
        var output = PriceOptions.Output("File to write the private key to; must not be there yet");
        Command = new Command("keygen", "Make a key pair: the private key in a file, the public key printed as the sidecar's setting.") { output };
        Command.SetAction(parsed =>
        {
            var (path, keys) = (parsed.GetRequiredValue(output), PriceKeyPair.Generate());
            PrivateKeyFile.Write(shell, path, keys);
            writer(parsed).Write(new Report(path, keys.PublicKey));
        });
    }

    public Command Command { get; }

    private sealed class Report(string path, string publicKey) : IReport
    {
        public JsonNode Json => new JsonObject { ["private_key_file"] = path, ["public_key"] = publicKey };

        public IEnumerable<string> Lines => [Line.Of("CAP_PRICING_SIGNING_PUBLIC_KEY", publicKey)];

        public IRenderable Picture => new Rows(
            Markup.FromInterpolated($"[green]Wrote[/] the private key to [bold]{path}[/]. Keep it secret. Every sidecar gets the public key:"),
            new Text(Line.Of("CAP_PRICING_SIGNING_PUBLIC_KEY", publicKey)));
    }
}
