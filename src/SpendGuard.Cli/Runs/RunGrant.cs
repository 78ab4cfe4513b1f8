using System.Globalization;
using SpendGuard.Cli.Runs.Sidecars;

namespace SpendGuard.Cli.Runs;

/// <summary>Sees to the budget that a run starts with.</summary>
internal static class RunGrant
{
    /// <summary>
    /// The first run grants the budget. A later one of the same agent goes on with what is left; with another budget the limit becomes that,
    /// and what it is higher by than any limit before is added, per day than any of that day: two figures in turns add nothing anew.
    /// </summary>
    /// <param name="sidecar">Where the budget is.</param>
    /// <param name="order">What was ordered.</param>
    /// <param name="agent">Whose budget it is.</param>
    /// <param name="now">The time, where a day is that of this machine.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="CommandFailedException">There is no budget, and none was asked for.</exception>
    public static async Task<RunBudget> GiveAsync(IRunBudgets sidecar, RunOrder order, AgentId agent, DateTimeOffset now, CancellationToken stop)
    {
        var found = await sidecar.FindBudgetAsync(agent, stop);
        if (order.Budget is not { } limit)
        {
            return found ?? throw NoBudget(agent);
        }

        if (order.PerDay)
        {
            // What remains never passes the limit, so that this fills it up; and under this key it does so once a day. Another
            // figure on the same day is a change of the limit, as below.
            found = await sidecar.SetBudgetAsync(agent, limit, limit, string.Create(CultureInfo.InvariantCulture, $"run:day:{now:yyyy-MM-dd}"), stop)
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

        var highest = Money.Max(found.Limit, await HighestBeforeAsync());
        return await ChangeAsync(found, Money.Max(Money.Zero, limit - highest));

        // The figures stand in the key, so that two runs that change it at once add the difference once; and how often the same change was
        // made before, as the limit may go back and forth.
        async Task<RunBudget> ChangeAsync(RunBudget from, Money more)
        {
            for (var times = 0; ; times++)
            {
                var key = string.Create(
                    CultureInfo.InvariantCulture, $"run:limit:{from.Limit.Microcents}:{limit.Microcents}:{from.Granted.Microcents}:{times}");
                var budget = await sidecar.SetBudgetAsync(agent, limit, more, key, stop) ?? await FindAsync();
                if (budget.Limit == limit)
                {
                    return budget;
                }
            }
        }

        async Task<Money> HighestBeforeAsync() => await sidecar.ReadLimitsAsync(agent, stop)
            .Where(set => !order.PerDay || set.At.ToOffset(now.Offset).Date == now.Date)
            .Select(set => set.Limit)
            .AggregateAsync(Money.Zero, Money.Max, stop);

        async Task<RunBudget> FindAsync() => await sidecar.FindBudgetAsync(agent, stop)
            ?? throw new CommandFailedException($"The budget of agent {agent} could not be set. Try again.");
    }

    /// <summary>Where an agent runs that was never given anything.</summary>
    public static CommandFailedException NoBudget(AgentId agent) => new($"Agent {agent} has no budget yet. Give one with --budget.", ExitCode.Usage);
}
