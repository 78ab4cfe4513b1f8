using System.CommandLine;
using SpendGuard.Cli.Numbers;
using SpendGuard.Cli.Output;
using SpendGuard.Cli.Runs.Records;

namespace SpendGuard.Cli.Runs;

/// <summary><c>spendguard runs</c>: what past runs cost.</summary>
internal sealed class RunsCommand
{
    private readonly Shell _shell;
    private readonly Option<string?> _by = new("--by") { Description = "Sum them: 'day', 'program', 'model' or 'agent' [default: each run]", HelpName = "what" };
    private readonly Option<int> _last = new Option<int>("--last") { Description = "The most runs, the newest", HelpName = "runs", DefaultValueFactory = static _ => 50 }.Whole(of: "runs");
    private readonly Option<bool> _json = new("--json") { Description = "Answer in JSON" };

    public RunsCommand(Shell shell)
    {
        _shell = shell;
        _by.AcceptOnlyFromAmong([.. RunTotals.Keys.Keys]);
        _last.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var runs) && runs < 1)
            {
                result.AddError("--last is at least 1.");
            }
        });
        Command = new Command("runs", "What runs cost: each of them, or by day, program, model or agent.") { _by, _last, _json };
        Command.SetAction(ShowAsync);
    }

    public Command Command { get; }

    private async Task ShowAsync(ParseResult parsed, CancellationToken stop)
    {
        var records = new RunRecords(DataFolder.Open());
        records.RemoveLeftFiles();
        var runs = await PastRun.ReadAsync(records, parsed.GetValue(_last), _shell.Time, stop);
        IReport report = parsed.GetValue(_by) is { } by ? new RunTotals(runs, by) : new RunsReport(runs);
        new ReportWriter(_shell, parsed.GetValue(_json)).Write(report);
    }
}
