using System.CommandLine;
using SpendGuard.Cli.Agents;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Numbers;
using SpendGuard.Cli.Output;

namespace SpendGuard.Cli.Ledger;

/// <summary><c>spendguard ledger list</c>: the newest entries for people, or a page of all for programs, or what comes from now on.</summary>
internal sealed class ListCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Shell _shell;
    private readonly ConnectionOptions _connection;
    private readonly Option<string?> _agent;
    private readonly Option<long?> _after = new Option<long?>("--after") { Description = "Read on, oldest first, after the entry with this sequence; 0 to start. Dry runs are among them", HelpName = "sequence" }.Whole();
    private readonly Option<long?> _before = new Option<long?>("--before") { Description = "Read back, newest first, before the entry with this sequence", HelpName = "sequence" }.Whole();
    private readonly Option<int> _limit = new Option<int>("--limit") { Description = "Most entries to list", HelpName = "entries", DefaultValueFactory = static _ => 50 }.Whole(of: "entries");
    private readonly Option<bool> _all = new("--all") { Description = "Also the entries of dry runs, which send nothing" };
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "List new entries as they come, until Ctrl+C" };

    public ListCommand(Shell shell, ConnectionOptions connection)
    {
        _shell = shell;
        _connection = connection;
        _agent = AgentOption.Optional(connection, "Only of this agent");
        Command = new Command("list", "List entries of the ledger, newest first; with --after, oldest first.") { _agent, _after, _before, _limit, _all, _follow };
        Command.Validators.Add(result =>
        {
            if (result.GetResult(_after) is not null && result.GetResult(_before) is not null)
            {
                result.AddError("--after reads on and --before reads back: give one of both.");
            }

            if (result.GetValue(_follow) && result.GetResult(_before) is not null)
            {
                result.AddError("--follow reads on: leave out --before.");
            }
        });
        Command.SetAction(RunAsync);
    }

    public Command Command { get; }

    private async Task RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var sidecar = _connection.Connect(parsed);
        if (parsed.GetValue(_follow))
        {
            try
            {
                await FollowAsync(sidecar, parsed, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // How following ends.
            }

            return;
        }

        var page = parsed.GetValue(_after) is { } after
            ? await sidecar.ReadLedgerAsync(parsed.GetValue(_agent), after, parsed.GetValue(_limit), stop)
            : await sidecar.ReadNewestAsync(parsed.GetValue(_agent), parsed.GetValue(_before), parsed.GetValue(_limit), parsed.GetValue(_all), stop);
        var names = new AgentNames(_connection.IsPicture(parsed) ? sidecar : null);
        await names.LookUpAsync(page.Body.Entries.Select(entry => entry.AgentId), stop);
        var report = new LedgerReport(page, names);
        _connection.Writer(parsed).Write(report);
        if (report.More is { } more && !_shell.IsTerminal && !_connection.IsJson(parsed))
        {
            // Not among the lines: whoever reads them reads entries.
            await _shell.Error.WriteLineAsync(more);
        }
    }

    private async Task FollowAsync(SidecarClient sidecar, ParseResult parsed, CancellationToken stop)
    {
        var (agent, all, names) = (parsed.GetValue(_agent), parsed.GetValue(_all), new AgentNames(_connection.IsPicture(parsed) ? sidecar : null));
        var after = parsed.GetValue(_after) ?? await ListNewestAsync();
        while (true)
        {
            var page = await sidecar.ReadLedgerAsync(agent, after, parsed.GetValue(_limit), stop);
            await WriteAsync(page, isReversed: false);
            after = page.Body.NextAfter;
            if (!page.Body.HasMore)
            {
                await Task.Delay(Interval, _shell.Time, stop);
            }
        }

        async Task<long> ListNewestAsync()
        {
            var page = await sidecar.ReadNewestAsync(agent, before: null, parsed.GetValue(_limit), all, stop);
            await WriteAsync(page, isReversed: page.Body.NextBefore is not null);
            return page.Body.NextAfter;
        }

        async Task WriteAsync(Answer<LedgerPageView> page, bool isReversed)
        {
            await names.LookUpAsync(page.Body.Entries.Select(entry => entry.AgentId), stop);
            var json = page.Json["entries"]!.AsArray();
            var places = Enumerable.Range(0, page.Body.Entries.Count);
            foreach (var at in isReversed ? places.Reverse() : places)
            {
                var entry = page.Body.Entries[at];
                if (all || !entry.DryRun)
                {
                    await _shell.Output.WriteLineAsync(_connection.IsJson(parsed) ? json[at]!.ToJsonString() : _shell.IsTerminal ? FollowedLine.Of(entry, names) : LedgerReport.LineOf(entry));
                }
            }

            await _shell.Output.FlushAsync(stop);
        }
    }
}
