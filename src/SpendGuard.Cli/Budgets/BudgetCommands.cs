using System.CommandLine;
using SpendGuard.Cli.Agents;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Numbers;

namespace SpendGuard.Cli.Budgets;

/// <summary><c>spendguard budget …</c>.</summary>
internal sealed class BudgetCommands
{
    private readonly Shell _shell;
    private readonly ConnectionOptions _connection;

    public BudgetCommands(Shell shell, ConnectionOptions connection)
    {
        _shell = shell;
        _connection = connection;
        Command = new Command("budget", "Set, show and watch budgets, and the tree of them.") { Set(), Get(), TreeCommand.Of(shell, connection), new WatchCommand(shell, connection).Command };
        connection.AddTo(Command);
    }

    public Command Command { get; }

    private Command Set()
    {
        var agent = new AgentChoice(_connection);
        var limit = AmountOption.Cents("--limit", "Hard limit, which what is left never passes; raising it grants nothing by itself", isRequired: true);
        var topUp = AmountOption.Cents("--topup", "What to add to what is left, as far as the limit lets it; on the first set, what to start with [default: the limit then, 0 later]");
        var maxInFlight = new Option<long?>("--max-in-flight") { Description = "Calls that may be in flight at once [default: as it is, and 1 on the first set]", HelpName = "calls" }.Whole(of: "calls");
        var maxCallShare = new Option<long?>("--max-call-share") { Description = "Most that one call may hold of what is free [default: as it is, and all on the first set]", HelpName = "percent" }.Whole(of: "percent");
        var exhausted = new Option<string?>("--on-exhausted") { Description = "What a call that does not fit does: it is refused, pauses the agent, or asks for approval [default: as it is, and refuse on the first set]", HelpName = "action" };
        exhausted.AcceptOnlyFromAmong("refuse", "pause", "ask");
        var key = new Option<string?>("--idempotency-key") { Description = "Under the same key the change takes effect once", HelpName = "key" };
        var command = new Command("set", "Set an agent's budget, or top it up.") { limit, topUp, maxInFlight, maxCallShare, exhausted, key };
        agent.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var added = parsed.GetValue(topUp) ?? Money.Zero;
            var change = BudgetChange.Of(parsed.GetRequiredValue(limit)!.Value, added) with
            {
                MaxInFlight = parsed.GetValue(maxInFlight),
                MaxCallSharePercent = parsed.GetValue(maxCallShare),
                OnExhausted = parsed.GetValue(exhausted),
            };
            var budget = await sidecar.SetBudgetAsync(agent.Of(parsed), change, parsed.GetValue(key), stop);
            await WriteAsync(sidecar, budget, added, parsed, stop);
        });
        return command;
    }

    private Command Get()
    {
        var agent = new AgentChoice(_connection);
        var command = new Command("get", "Show an agent's budget.");
        agent.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            await WriteAsync(sidecar, await sidecar.FindBudgetAsync(agent.Of(parsed), stop), topUp: default, parsed, stop);
        });
        return command;
    }

    private async Task WriteAsync(SidecarClient sidecar, Answer<BudgetView> budget, Money topUp, ParseResult parsed, CancellationToken stop)
    {
        var names = new AgentNames(_connection.IsPicture(parsed) ? sidecar : null);
        await names.LookUpAsync([budget.Body.AgentId], stop);
        _connection.Writer(parsed).Write(new BudgetReport(budget, names, topUp));
    }
}
