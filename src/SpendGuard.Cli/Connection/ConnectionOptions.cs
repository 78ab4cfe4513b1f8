using System.CommandLine;
using SpendGuard.Cli.Output;
using SpendGuard.Names;

namespace SpendGuard.Cli.Connection;

/// <summary>Which sidecar to talk to and how to answer: the options of every command that talks to one.</summary>
internal sealed class ConnectionOptions(Shell shell)
{
    public const string DefaultAddress = "http://localhost:8787";

    private const string AddressVariable = "CAP_BASE_URL";
    private const string KeyVariable = "CAP_API_KEY";

    private readonly Option<string?> _baseUrl = new("--base-url")
    {
        Description = $"Address of the sidecar [default: ${AddressVariable}, or {DefaultAddress}]",
        HelpName = "url",
        Recursive = true,
    };

    private readonly Option<string?> _apiKey = new("--api-key")
    {
        Description = $"Key for a sidecar that asks for one [default: ${KeyVariable}]",
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
            throw new CommandFailedException($"CAP_MODE is hosted, where a key is needed. Give --api-key, or set {KeyVariable}.", ExitCode.Usage);
        }

        return new SidecarClient(Address(parsed), key);
    }

    public ReportWriter Writer(ParseResult parsed) => new(shell, IsJson(parsed));

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Whether a person reads it: what is written is a picture on a terminal.</summary>
    public bool IsPicture(ParseResult parsed) => shell.IsTerminal && !IsJson(parsed);

    private string? Key(ParseResult parsed) => parsed.GetValue(_apiKey) is { Length: > 0 } given ? given : Variable(KeyVariable);

    private Uri Address(ParseResult parsed)
    {
        var text = parsed.GetValue(_baseUrl) ?? Variable(AddressVariable) ?? DefaultAddress;
        return Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", Query: "" }
            ? address
            : throw new CommandFailedException($"'{text}' is no address of a sidecar. Give one such as {DefaultAddress}.", ExitCode.Usage);
    }

    /// <summary>A misspelt one would send the command to another sidecar than is meant.</summary>
    private string? Variable(string name) => shell.Variable(name)
        ?? (shell.Variables.FirstOrDefault(variable => variable.Value.Length > 0 && variable.Key.StartsWith("CAP_", StringComparison.Ordinal) && Nearness.Distance(variable.Key, name) <= 2) is { Key: { } misspelt }
            ? throw new CommandFailedException($"{misspelt} is set, and {name} is not. Set that, or take {misspelt} out.", ExitCode.Usage)
            : null);
}
