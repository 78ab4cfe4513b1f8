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
    private readonly bool _isShown;

    public RunTitle(Shell shell, IRunSidecar sidecar, RunRecord record)
    {
        _isShown = shell.Terminal is not null;
        (_title, _sidecar, _record) = (new TerminalTitle(shell.Terminal), sidecar, record);
        _sidecar.Changed = () => _ = RefreshAsync();
        Show(Money.Zero, "");
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
                Show(Money.FromMicrocents(_record.BudgetMicrocents) - budget.Remaining, _sidecar.Refused > 0 ? ", and the budget is out" : "");
            }
        }
        catch (Exception exception) when (exception is SpendGuardException or ObjectDisposedException or CommandFailedException)
        {
            // The title stays as it is; the store has said why where that is looked for.
        }
    }

    private void Show(Money spent, string more) =>
        _title.Show($"{_record.Program}: {spent} of {Money.FromMicrocents(_record.BudgetMicrocents)} spent{more}");
}
