using System.Globalization;
using SpendGuard.Cli.Runs.Sidecars;

namespace SpendGuard.Cli.Runs;

/// <summary>Sees to the budget that a run starts with.</summary>
internal static class RunGrant
{
    /// <summary>
    /// The first run grants the budget. A later one of the same agent goes on with what is left; with another budget the limit becomes that,
    /// and what it is higher by is added.
    /// </summary>
    /// <exception cref="CommandFailedException">There is no budget, and none was asked for.</exception>
    public static async Task<RunBudget> GiveAsync(IRunBudgets sidecar, RunOrder order, AgentId agent, DateOnly today, CancellationToken stop)
    {
        var found = await sidecar.FindBudgetAsync(agent, stop);
        if (order.Budget is not { } limit)
        {
            return found ?? throw new CommandFailedException($"Agent {agent} has no budget yet. Give one with --budget.", ExitCode.Usage);
        }

        if (order.PerDay)
        {
            // What remains never passes the limit, so that this fills it up; and under this key it does so once a day. Another
            // figure on the same day is a change of the limit, as below.
            found = await sidecar.SetBudgetAsync(agent, limit, limit, string.Create(CultureInfo.InvariantCulture, $"run:day:{today:yyyy-MM-dd}"), stop)
                ?? await sidecar.FindBudgetAsync(agent, stop);
        }

        if (found is null)
        {
            return await sidecar.SetBudgetAsync(agent, limit, Money.Zero, "run:first", stop) ?? await FindAsync();
        }

        if (found.Limit == limit)
        {
            return found;
        }

        // The figures stand in the key, so that two runs that change it at once add the difference once.
        var key = string.Create(CultureInfo.InvariantCulture, $"run:limit:{found.Limit.Microcents}:{limit.Microcents}:{found.Granted.Microcents}");
        return await sidecar.SetBudgetAsync(agent, limit, Money.Max(Money.Zero, limit - found.Limit), key, stop) ?? await FindAsync();

        async Task<RunBudget> FindAsync() => await sidecar.FindBudgetAsync(agent, stop)
            ?? throw new CommandFailedException($"The budget of agent {agent} could not be set. Try again.");
    }
}
