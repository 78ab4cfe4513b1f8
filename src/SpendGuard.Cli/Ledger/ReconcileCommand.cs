using System.CommandLine;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Numbers;

namespace SpendGuard.Cli.Ledger;

/// <summary><c>spendguard ledger reconcile</c>: what the ledger has booked beside what providers charged.</summary>
internal sealed class ReconcileCommand
{
    private readonly Shell _shell;
    private readonly ConnectionOptions _connection;
    private readonly WindowOptions _window = new();
    private readonly Argument<string[]> _costs = new("costs") { Description = "Cost exports of the providers: CSV or JSON", Arity = ArgumentArity.OneOrMore };
    private readonly Option<decimal> _tolerance = new Option<decimal>("--tolerance") { Description = "By how much a row may differ, in US dollars [default: 0]", HelpName = "usd" }
        .Between(0m, decimal.MaxValue, "US dollars that may be missing or too much, such as 0.01");
    private readonly Option<string> _by = new("--by") { Description = "model or provider: what has a row of its own", HelpName = "what", DefaultValueFactory = static _ => "model" };

    public ReconcileCommand(Shell shell, ConnectionOptions connection)
    {
        _shell = shell;
        _connection = connection;
        _by.AcceptOnlyFromAmong("model", "provider");
        Command = new Command("reconcile", "Compare the ledger with cost exports of the providers. Ends with 1 when they differ.")
        {
            _costs, _tolerance, _by,
        };
        _window.AddTo(Command);
        Command.SetAction(RunAsync);
    }

    public Command Command { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var window = _window.Of(parsed);
        var costs = new List<ProviderCost>();
        foreach (var file in parsed.GetRequiredValue(_costs))
        {
            costs.AddRange(await ReadAsync(file, stop));
        }

        using var sidecar = _connection.Connect(parsed);
        var booked = new BookedCosts(window);
        await foreach (var entry in LedgerReader.ReadAllAsync(sidecar, agent: null, stop))
        {
            booked.Add(entry.Body);
        }

        var reconciliation = Reconciliation.Of(booked, costs, window, parsed.GetValue(_by) == "model", parsed.GetValue(_tolerance));
        var report = new ReconcileReport(reconciliation);
        _connection.Writer(parsed).Write(report);
        if (reconciliation.Agrees)
        {
            return ExitCode.Done;
        }

        await _shell.Error.WriteLineAsync(report.Verdict);
        return ExitCode.Failed;
    }

    private async Task<IReadOnlyList<ProviderCost>> ReadAsync(string file, CancellationToken stop)
    {
        try
        {
            return CostExport.Read(await File.ReadAllTextAsync(Path.Combine(_shell.Folder, file), stop));
        }
        catch (CostExportException exception)
        {
            throw new CommandFailedException($"{file} cannot be used. {exception.Message}", innerException: exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{file} cannot be read: {exception.Message}", innerException: exception);
        }
    }
}
