using System.Globalization;
using SpendGuard.Cli.Budgets;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Limits;
using SpendGuard.Cli.Output;

namespace SpendGuard.Cli.Doctor;

/// <summary>Checks an agent at a sidecar that is well: that it is there, that its budget has room, and that a call would be held for.</summary>
/// <param name="sidecar">The sidecar.</param>
/// <param name="agent">The agent; null to take one.</param>
/// <param name="model">The model to try it with, as <c>provider:model</c>; null to let the sidecar take one.</param>
/// <param name="provider">The provider to try it with, where no model is named; null to let the sidecar take one.</param>
internal sealed class AgentExamination(SidecarClient sidecar, string? agent, string? model, string? provider)
{
    private string _agent = "";

    public async Task<Finding> AgentAsync(CancellationToken stop)
    {
        if (agent is null)
        {
            if ((await sidecar.ListAgentsAsync(after: null, limit: 1, stop)).Body.Agents is not [var first, ..])
            {
                throw new CheckFailedException("There are no agents.", "Make one with: spendguard bootstrap --name my-agent --limit 500");
            }

            _agent = first.AgentId;
            return Finding.Good($"{_agent} ({first.Name ?? "without a name"}), the oldest; name another with --agent");
        }

        try
        {
            var found = (await sidecar.FindAgentAsync(agent, stop)).Body;
            _agent = found.AgentId;
            return Finding.Good($"{_agent} ({found.Name ?? "without a name"})");
        }
        catch (HttpFailureException failure) when (failure.Status == 404)
        {
            throw new CheckFailedException(
                $"There is no agent '{agent}'.", "See which there are with 'spendguard agent list', or make one with 'spendguard bootstrap'.");
        }
    }

    public async Task<Finding> BudgetAsync(CancellationToken stop)
    {
        var limits = await AgentLimits.ReadAsync(sidecar, _agent, stop);
        var found = (await sidecar.TryFindBudgetAsync(_agent, stop))?.Body;
        if (limits.Paused is { } paused && (found is not null || limits.Tightest is not null))
        {
            throw new CheckFailedException(
                $"The {paused.Kind} {paused.Id} is paused by {paused.Paused?.By ?? "somebody"}{(paused.Paused?.Reason is { } reason ? $": {reason}" : "")}.",
                $"See to that, and then: spendguard resume {paused.Id}");
        }

        if (found is not { } budget)
        {
            return Examine(limits);
        }

        if (budget.Overdrawn == true || budget.RemainingMicrocents <= 0)
        {
            throw new CheckFailedException(
                budget.Overdrawn == true
                    ? $"The budget is overdrawn: {budget.Remaining} are left and {Dollars.OfMicrocents(budget.HeldMicrocents)} are held."
                    : $"The budget is spent: nothing of {budget.HardLimit} is left.",
                $"Top it up with: spendguard budget set --agent {_agent} --limit {budget.HardLimitCents} --topup CENTS");
        }

        if (budget.InFlight >= budget.MaxInFlight)
        {
            var until = budget.LockedExpiresAt is { } end ? $" Its hold ends at {DateTimeOffset.FromUnixTimeSeconds(end):u} at the latest, unless it is renewed." : "";
            throw new CheckFailedException(
                $"The budget is locked: {budget.InFlight.Value.ToString(CultureInfo.InvariantCulture)} of at most {budget.MaxInFlight.Value.ToString(CultureInfo.InvariantCulture)} calls are in flight.{until}",
                $"Wait, or let more calls run at once: spendguard budget set --agent {_agent} --limit {budget.HardLimitCents} --max-in-flight 8");
        }

        return Finding.Good($"{budget.Remaining} of {budget.HardLimit} left");
    }

    public async Task<Finding> DryRunAsync(CancellationToken stop)
    {
        try
        {
            string[] named = model?.Split(':', 2) ?? [];
            var ran = (await sidecar.DryRunAsync(_agent, named.ElementAtOrDefault(0) ?? provider, named.ElementAtOrDefault(1), stop)).Body;
            return Finding.Good($"{Dollars.OfMicrocents(ran.HeldMicrocents)} held for {ran.Provider}:{ran.Model} and given back; no provider was called");
        }
        catch (HttpFailureException failure) when (failure.Status is not (401 or 403))
        {
            throw new CheckFailedException(failure.Message, Remedy(failure.Status));
        }
    }

    private Finding Examine(AgentLimits limits)
    {
        if (limits.Tightest is not var (node, limit))
        {
            throw new CheckFailedException($"Agent {_agent} has no budget.", $"Give it one with: spendguard budget set --agent {_agent} --limit 500");
        }

        var name = AgentLimits.Name(node, limit);
        var figures = Figures.Of(limit);
        return figures.Left > Money.Zero
            ? Finding.Good($"{figures.Left} of {figures.Limit} left in {name}; the agent has no budget of its own")
            : throw new CheckFailedException(
                $"The agent has no budget of its own, and the limit {name} is spent or held: nothing of {figures.Limit} is left.",
                $"Wait until it resets, or raise it with: {RaiseCommand.Of(node.Id, node.Kind == "agent", limit)}");
    }

    private string Remedy(int status) => status switch
    {
        400 => "Name a model that the price document has, or have it added to the document.",
        402 => $"Top the budget up with: spendguard budget set --agent {_agent} --limit CENTS --topup CENTS",
        404 => "The sidecar is older than this command, or the agent has just been deleted. Bring both to one version.",
        409 => "A call is in flight. Wait, or let more run at once with --max-in-flight.",
        _ => "Look at the log of the sidecar.",
    };
}
