using System.CommandLine;
using System.CommandLine.Parsing;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Ledger;

namespace SpendGuard.Cli.Reports;

/// <summary><c>spendguard report</c>: who spent what.</summary>
internal sealed class ReportCommand
{
    private static readonly string[] All = ["agent", "model", "day", "run", "function", "group"];

    private readonly Shell _shell;
    private readonly ConnectionOptions _connection;
    private readonly ReportSource _source;
    private readonly Option<string[]> _by;
    private readonly Option<DateTimeOffset?> _since = WindowOptions.Time("--since", "First moment, such as 2026-11-01 or 2026-11-01T12:00:00Z [default: the beginning]");
    private readonly Option<DateTimeOffset?> _until = WindowOptions.Time("--until", "First moment after [default: now and later]");
    private readonly Option<bool> _csv = new("--csv") { Description = "Answer in CSV, all figures exact" };
    private readonly Option<bool> _focus = new("--focus") { Description = "Answer in CSV with the columns of FOCUS 1.3: a row for each day, agent and model" };

    public ReportCommand(Shell shell, ConnectionOptions connection)
    {
        _shell = shell;
        _connection = connection;
        _source = new ReportSource(shell, connection);
        _by = new Option<string[]>("--by")
        {
            Description = "agent, model, day, run or function, or several of them separated by commas; or group [default: agent]",
            HelpName = "what",
            CustomParser = Parse,
        };
        _by.CompletionSources.Add(All);
        Command = new Command("report", "Tell who spent what: calls, tokens, cost, holds, forfeits and refusals.") { _by, _since, _until, _csv, _focus };
        _source.AddTo(Command);
        connection.AddTo(Command);
        Command.Validators.Add(Check);
        Command.SetAction(RunAsync);
    }

    public Command Command { get; }

    private static string[]? Parse(ArgumentResult result)
    {
        var by = result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToArray();
        if (by.Except(All, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            result.AddError($"--by is '{unknown}'; give {string.Join(", ", All)}, or several of the first five separated by commas.");
        }
        else if (by.Length > 1 && by.Contains("group"))
        {
            result.AddError("--by is group and something else; give one of both.");
        }

        return [.. by.OrderBy(name => Array.IndexOf(All, name))];
    }

    private void Check(CommandResult result)
    {
        if (result.GetResult(_focus) is not null && result.GetResult(_by) is not null)
        {
            result.AddError("--focus has a row for each day, agent and model: leave out --by.");
        }
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var (since, until) = (parsed.GetValue(_since), parsed.GetValue(_until));
        if (until <= since)
        {
            throw new CommandFailedException("--until has to be later than --since.", ExitCode.Usage);
        }

        var focus = parsed.GetValue(_focus);
        if (_connection.IsJson(parsed) && (focus || parsed.GetValue(_csv)))
        {
            throw new CommandFailedException($"{(focus ? "--focus" : "--csv")} and --json are two forms of the answer; give one of both.", ExitCode.Usage);
        }

        var asked = parsed.GetValue(_by);
        string[] by = focus ? ["agent", "model", "day"] : asked is { Length: > 0 } ? asked : ["agent"];
        var report = await _source.ReadAsync(parsed, by, since, until, stop);
        if (!focus && !parsed.GetValue(_csv))
        {
            _connection.Writer(parsed).Write(new SpendReportTable(report));
            return;
        }

        var columns = focus ? FocusColumns.All : [.. ReportColumns.Keys, .. ReportColumns.Sums];
        await _shell.Output.WriteAsync($"{Csv.Row(columns.Select(column => column.Name))}\n");
        foreach (var row in report.Body.Rows.Where(row => !focus || FocusColumns.IsCharge(row)))
        {
            await _shell.Output.WriteAsync($"{Csv.Row(columns.Select(column => column.Value(row)))}\n");
        }
    }
}
