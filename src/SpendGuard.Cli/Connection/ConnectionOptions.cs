using System.CommandLine;
using SpendGuard.Cli.Output;

namespace SpendGuard.Cli.Connection;

/// <summary>Which sidecar to talk to and how to answer: the options of every command that talks to one.</summary>
internal sealed class ConnectionOptions(Shell shell)
{
    public const string DefaultAddress = "http://localhost:8787";

    private readonly Option<string?> _baseUrl = new("--base-url")
    {
        Description = $"Address of the sidecar [default: $CAP_BASE_URL, or {DefaultAddress}]",
        HelpName = "url",
        Recursive = true,
    };

    private readonly Option<string?> _apiKey = new("--api-key")
    {
        Description = "Key for a sidecar that asks for one [default: $CAP_API_KEY]",
        HelpName = "key",
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Answer in JSON", Recursive = true };

    /// <summary>Adds the options to a command and to those below it.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_baseUrl);
        command.Options.Add(_apiKey);
        command.Options.Add(_json);
    }

    /// <exception cref="CommandFailedException">The address is none, or a key is needed and there is none.</exception>
    public SidecarClient Connect(ParseResult parsed)
    {
        var key = Key(parsed);
        if (key is null && string.Equals(shell.Variable("CAP_MODE"), "hosted", StringComparison.OrdinalIgnoreCase))
        {
            throw new CommandFailedException("CAP_MODE is hosted, where a key is needed. Give --api-key, or set CAP_API_KEY.", ExitCode.Usage);
        }

        return new SidecarClient(Address(parsed), key);
    }

    public ReportWriter Writer(ParseResult parsed) => new(shell, IsJson(parsed));

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    private string? Key(ParseResult parsed) => parsed.GetValue(_apiKey) is { Length: > 0 } given ? given : shell.Variable("CAP_API_KEY");

    private Uri Address(ParseResult parsed)
    {
        var text = parsed.GetValue(_baseUrl) ?? shell.Variable("CAP_BASE_URL") ?? DefaultAddress;
        return Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", Query: "" }
            ? address
            : throw new CommandFailedException($"'{text}' is no address of a sidecar. Give one such as {DefaultAddress}.", ExitCode.Usage);
    }
}
