using System.Globalization;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Output;

namespace SpendGuard.Cli.Doctor;

/// <summary>Checks a set-up in the order in which a person would, up to the first fault.</summary>
/// <param name="sidecar">The sidecar.</param>
/// <param name="time">This machine's clock.</param>
/// <param name="agent">The agent to try it with; null to take one.</param>
/// <param name="model">The model to try it with, as <c>provider:model</c>; null to let the sidecar take one.</param>
internal sealed class Examination(SidecarClient sidecar, TimeProvider time, string? agent, string? model)
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private ReadyView? _ready;
    private DateTimeOffset? _sidecarTime;
    private string _agent = "";

    private string? Provider => model?.Split(':', 2)[0];

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken stop)
    {
        (string Check, Func<CancellationToken, Task<Finding>> Run)[] checks =
        [
            ("reachable", ReachableAsync), ("healthy", HealthyAsync), ("ready", ReadyAsync), ("prices", PricesAsync), ("request_tables", _ => Task.FromResult(TableCheck.Of(_ready))), ("clock", ClockAsync),
            ("keys", KeysAsync), ("control", ControlAsync), ("agent", AgentAsync), ("budget", BudgetAsync), ("dry_run", DryRunAsync),
        ];
        var findings = new List<Finding>();
        foreach (var (check, run) in checks)
        {
            findings.Add(await FindAsync(check, run, stop));
            if (findings[^1].Verdict == Verdict.Fault)
            {
                break;
            }
        }

        return findings;
    }

    private static async Task<Finding> FindAsync(string check, Func<CancellationToken, Task<Finding>> run, CancellationToken stop)
    {
        try
        {
            return await run(stop) with { Check = check };
        }
        catch (CheckFailedException failed)
        {
            return new Finding(check, Verdict.Fault, failed.Message, failed.Remedy);
        }
        catch (HttpFailureException failure) when (failure.Status is 401 or 403)
        {
            return new Finding(check, Verdict.Fault, failure.Message, "Give a key that may do this with --api-key, or set CAP_API_KEY.");
        }
        catch (CommandFailedException failed)
        {
            return new Finding(check, Verdict.Fault, failed.Message, "Look at the log of the sidecar.");
        }
    }

    private static Finding Good(string sentence) => new("", Verdict.Good, sentence);

    private async Task<Finding> ReachableAsync(CancellationToken stop)
    {
        try
        {
            await sidecar.HealthAsync(stop);
        }
        catch (SidecarUnreachableException unreachable)
        {
            throw new CheckFailedException(
                $"Nothing answers at {sidecar.Address}: {unreachable.Reason}.", "Start a sidecar with 'spendguard sidecar', or name another with --base-url.");
        }
        catch (CommandFailedException)
        {
            // Something answers; whether it is well is the next question.
        }

        return Good(sidecar.Address);
    }

    private async Task<Finding> HealthyAsync(CancellationToken stop)
    {
        string said;
        try
        {
            var health = await sidecar.HealthAsync(stop);
            if (health.Body.Status == "ok")
            {
                return Good("ok");
            }

            said = health.Json.ToJsonString();
        }
        catch (CommandFailedException failed)
        {
            said = failed.Message;
        }

        throw new CheckFailedException(
            $"What answers at {sidecar.Address} does not say that it is a healthy sidecar: {said}",
            "Check --base-url and CAP_BASE_URL: it is the address of the sidecar, without a path such as /v1.");
    }

    private async Task<Finding> ReadyAsync(CancellationToken stop)
    {
        var ready = await sidecar.ReadyAsync(stop);
        (_ready, _sidecarTime) = (ready.Body, ready.Date);
        return ready.Body.Reasons is { Count: > 0 } reasons
            ? throw new CheckFailedException(string.Join(' ', reasons), "Mend what is named first, start the sidecar again, and run this again.")
            : Good("calls can be served");
    }

    private Task<Finding> PricesAsync(CancellationToken stop)
    {
        if (_ready?.Prices is not { } prices)
        {
            return Task.FromResult(new Finding("", Verdict.Warning, "The sidecar does not say where its prices are from."));
        }

        if (prices.Signature == "not verified")
        {
            throw new CheckFailedException(
                $"The prices from {prices.Source} are used without a look at their signature.",
                "Leave CAP_PRICING_VERIFY_SIGNATURE out, set CAP_PRICING_SIGNING_PUBLIC_KEY to the publisher's key, and start the sidecar again.");
        }

        var age = $"{prices.Signature ?? "from"}: {prices.Source}, {Spans.Of(TimeSpan.FromSeconds(prices.AgeSeconds))} old";
        return Task.FromResult(prices.LastFailure is { } failure
            ? new Finding(
                "",
                Verdict.Warning,
                $"{age}. The last look-up failed: {failure}",
                prices.UsableUntil is { } end ? $"See to it before {end:u}, when these prices expire and calls are refused." : null)
            : Good(age));
    }

    private Task<Finding> ClockAsync(CancellationToken stop)
    {
        if (_ready?.Prices is { } prices && TimeSpan.FromSeconds(prices.AgeSeconds) < -Skew)
        {
            throw new CheckFailedException(
                $"The sidecar's clock is behind: its prices are dated {Spans.Of(TimeSpan.FromSeconds(-prices.AgeSeconds))} in its future.",
                "Set the clock of the sidecar's machine by a time server; holds and prices expire by it.");
        }

        var apart = _sidecarTime is { } theirs ? theirs - time.GetUtcNow() : TimeSpan.Zero;
        return apart.Duration() <= Skew
            ? Task.FromResult(Good("this machine's and the sidecar's agree"))
            : throw new CheckFailedException(
                $"The sidecar's clock is {Spans.Of(apart)} {(apart > TimeSpan.Zero ? "ahead of" : "behind")} this machine's.",
                "Set both clocks by a time server; holds and prices expire by the sidecar's.");
    }

    private Task<Finding> KeysAsync(CancellationToken stop)
    {
        var providers = _ready?.Providers ?? [];
        if (Provider is { } wanted && providers.FirstOrDefault(provider => provider.Name == wanted) is { Key: "missing" } missing)
        {
            throw new CheckFailedException($"The sidecar has no key of {wanted}.", $"Set {missing.KeyVariable} for the sidecar and start it again.");
        }

        return Task.FromResult(Good(string.Join(", ", providers.Where(provider => provider.Key != "missing").Select(provider => provider.Name))));
    }

    private Task<Finding> ControlAsync(CancellationToken stop) => Task.FromResult(_ready?.Control switch
    {
        "open" => new Finding(
            "",
            Verdict.Warning,
            "Any process on the sidecar's machine can create agents and raise budgets, an agent too.",
            "Make a key with 'spendguard bootstrap --name my-agent --limit 500 --admin-key', or set CAP_ADMIN_KEY for the sidecar and start it again."),
        "key" => Good("agents and budgets are set with a key only"),
        _ => new Finding("", Verdict.Warning, "The sidecar does not say who may set budgets."),
    });

    private async Task<Finding> AgentAsync(CancellationToken stop)
    {
        if (agent is null)
        {
            if ((await sidecar.ListAgentsAsync(after: null, limit: 1, stop)).Body.Agents is not [var first, ..])
            {
                throw new CheckFailedException("There are no agents.", "Make one with: spendguard bootstrap --name my-agent --limit 500");
            }

            _agent = first.AgentId;
            return Good($"{_agent} ({first.Name ?? "without a name"}), the oldest; name another with --agent");
        }

        try
        {
            var found = (await sidecar.FindAgentAsync(agent, stop)).Body;
            _agent = found.AgentId;
            return Good($"{_agent} ({found.Name ?? "without a name"})");
        }
        catch (HttpFailureException failure) when (failure.Status == 404)
        {
            throw new CheckFailedException(
                $"There is no agent '{agent}'.", "See which there are with 'spendguard agent list', or make one with 'spendguard bootstrap'.");
        }
    }

    private async Task<Finding> BudgetAsync(CancellationToken stop)
    {
        var budget = (await sidecar.TryFindBudgetAsync(_agent, stop))?.Body
            ?? throw new CheckFailedException($"Agent {_agent} has no budget.", $"Give it one with: spendguard budget set --agent {_agent} --limit 500");
        if (budget.Overdrawn == true || budget.RemainingMicrocents <= 0)
        {
            throw new CheckFailedException(
                budget.Overdrawn == true
                    ? $"The budget is overdrawn: {Dollars.OfMicrocents(budget.RemainingMicrocents)} remain and {Dollars.OfMicrocents(budget.HeldMicrocents)} are held."
                    : $"The budget is spent: nothing of {Dollars.OfCents(budget.HardLimitCents)} remains.",
                $"Top it up with: spendguard budget set --agent {_agent} --limit {budget.HardLimitCents} --topup CENTS");
        }

        if (budget.InFlight >= budget.MaxInFlight)
        {
            var until = budget.LockedExpiresAt is { } end ? $" Its hold ends at {DateTimeOffset.FromUnixTimeSeconds(end):u} at the latest, unless it is renewed." : "";
            throw new CheckFailedException(
                $"The budget is locked: {budget.InFlight.Value.ToString(CultureInfo.InvariantCulture)} of at most {budget.MaxInFlight.Value.ToString(CultureInfo.InvariantCulture)} calls are in flight.{until}",
                $"Wait, or let more calls run at once: spendguard budget set --agent {_agent} --limit {budget.HardLimitCents} --max-in-flight 8");
        }

        return Good($"{Dollars.OfMicrocents(budget.RemainingMicrocents)} of {Dollars.OfCents(budget.HardLimitCents)} remain");
    }

    private async Task<Finding> DryRunAsync(CancellationToken stop)
    {
        try
        {
            var ran = (await sidecar.DryRunAsync(_agent, Provider, model?.Split(':', 2) is [_, var named] ? named : null, stop)).Body;
            return Good($"{Dollars.OfMicrocents(ran.HeldMicrocents)} held for {ran.Provider}:{ran.Model} and given back; no provider was called");
        }
        catch (HttpFailureException failure) when (failure.Status is not (401 or 403))
        {
            throw new CheckFailedException(failure.Message, Remedy(failure.Status));
        }
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
