using SpendGuard.Cli.Runs.Children;
using SpendGuard.Cli.Runs.Records;
using SpendGuard.Cli.Runs.Sidecars;

namespace SpendGuard.Cli.Runs;

/// <summary>Says in the terminal's title what is spent of what, whenever a call has ended.</summary>
internal sealed class RunTitle : IDisposable
{
    private readonly TerminalTitle _title;
    private readonly IRunSidecar _sidecar;
    private readonly RunRecord _record;
    private readonly Money _spentBefore;
    private readonly bool _isShown;

    /// <param name="shell">Where the terminal is.</param>
    /// <param name="sidecar">Tells of the calls.</param>
    /// <param name="record">The run.</param>
    /// <param name="atStart">The agent's budget at its start.</param>
    public RunTitle(Shell shell, IRunSidecar sidecar, RunRecord record, RunBudget atStart)
    {
        _isShown = shell.Terminal is not null;
        (_title, _sidecar, _record, _spentBefore) = (new TerminalTitle(shell.Terminal), sidecar, record, atStart.Spent);
        _sidecar.Changed = () => _ = RefreshAsync();
        Show(atStart, "");
    }

    public void Dispose()
    {
        _sidecar.Changed = null;
        _title.Dispose();
    }

    private async Task RefreshAsync()
    {
        if (!_isShown)
        {
            return;
        }

        try
        {
            if (await _sidecar.FindBudgetAsync(new AgentId(_record.Agent), CancellationToken.None) is { } budget)
            {
                Show(budget, _sidecar.Refused > 0 ? ", and the budget is out" : "");
            }
        }
        catch (Exception exception) when (exception is SpendGuardException or ObjectDisposedException or CommandFailedException)
        {
            // The title stays as it is; the store has said why where that is looked for.
        }
    }

    // What it may spend is raised where a person says so, or by another run of the agent.
    private void Show(RunBudget budget, string more)
    {
        var spent = budget.Spent - _spentBefore;
        _title.Show($"{_record.Program}: {spent} of {spent + budget.Remaining} spent{more}");
    }
}
