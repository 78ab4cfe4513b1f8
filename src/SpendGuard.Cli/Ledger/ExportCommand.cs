using System.CommandLine;
using System.Text;
using SpendGuard.Cli.Agents;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Ledger;

/// <summary><c>spendguard ledger export</c>: the whole ledger as CSV or as lines of JSON.</summary>
internal sealed class ExportCommand
{
    private const string JsonLines = "jsonl";

    private readonly Shell _shell;
    private readonly ConnectionOptions _connection;
    private readonly Option<string?> _agent;
    private readonly WindowOptions _window = new();
    private readonly Option<string> _format = new("--format") { Description = "csv or jsonl", HelpName = "format", DefaultValueFactory = static _ => "csv" };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "File to write [default: the output]", HelpName = "file" };

    public ExportCommand(Shell shell, ConnectionOptions connection)
    {
        _shell = shell;
        _connection = connection;
        _agent = AgentOption.Optional(connection, "Only of this agent");
        _format.AcceptOnlyFromAmong("csv", JsonLines);
        Command = new Command("export", "Write the ledger as CSV or as lines of JSON.") { _agent, _format, _output };
        _window.AddTo(Command);
        Command.SetAction(RunAsync);
    }

    public Command Command { get; }

    private async Task RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var sidecar = _connection.Connect(parsed);
        var entries = LedgerReader.ReadAllAsync(sidecar, parsed.GetValue(_agent), stop)
            .Where(entry => _window.Of(parsed).Contains(entry.Body.At));
        var lines = parsed.GetValue(_format) == JsonLines || _connection.IsJson(parsed)
            ? entries.Select(entry => entry.Json.ToJsonString())
            : entries.Select(entry => Csv.Row(LedgerColumns.All.Select(column => column.Value(entry.Body))))
                .Prepend(Csv.Row(LedgerColumns.All.Select(column => column.Name)));
        if (parsed.GetValue(_output) is { } file)
        {
            await WriteFileAsync(Path.Combine(_shell.Folder, file), lines, stop);
        }
        else
        {
            await WriteAsync(_shell.Output, lines, stop);
        }
    }

    private static async Task WriteFileAsync(string path, IAsyncEnumerable<string> lines, CancellationToken stop)
    {
        try
        {
            await using var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            await WriteAsync(file, lines, stop);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"'{path}' cannot be written: {exception.Message}", innerException: exception);
        }
    }

    private static async Task WriteAsync(TextWriter writer, IAsyncEnumerable<string> lines, CancellationToken stop)
    {
        await foreach (var line in lines.WithCancellation(stop))
        {
            await writer.WriteAsync($"{line}\n".AsMemory(), stop);
        }
    }
}
