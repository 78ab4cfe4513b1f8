using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Output;

namespace SpendGuard.Cli.Doctor;

/// <summary>Checks a set-up in the order in which a person would, up to the first fault.</summary>
/// <param name="sidecar">The sidecar.</param>
/// <param name="time">This machine's clock.</param>
/// <param name="agent">The agent to try it with; null to take one.</param>
/// <param name="model">The model to try it with, as <c>provider:model</c>; null to let the sidecar take one.</param>
/// <param name="provider">The provider whose key has to work; null for that of the model, or any.</param>
internal sealed class Examination(SidecarClient sidecar, TimeProvider time, string? agent, string? model, string? provider)
{
    private const string OtherPrices =
        "Without that price server: one of your own with 'spendguard prices serve', or CAP_PRICING_SOURCE=bundled for the prices that ship with SpendGuard.";

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private ReadyView? _ready;
    private DateTimeOffset? _sidecarTime;

    private string? Provider => (provider ?? model?.Split(':', 2)[0])?.ToLowerInvariant();

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken stop)
    {
        var ofAgent = new AgentExamination(sidecar, agent, model, Provider);
        (string Check, Func<CancellationToken, Task<Finding>> Run)[] checks =
        [
            ("reachable", ReachableAsync), ("healthy", HealthyAsync), ("ready", ReadyAsync), ("prices", PricesAsync), ("request_tables", _ => Task.FromResult(TableCheck.Of(_ready))), ("clock", ClockAsync),
            ("keys", KeysAsync), ("providers", stop => new ProviderExamination(sidecar, _ready?.Providers ?? [], Provider).RunAsync(stop)),
            ("control", ControlAsync), ("agent", ofAgent.AgentAsync), ("budget", ofAgent.BudgetAsync), ("dry_run", ofAgent.DryRunAsync),
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

        return Finding.Good(sidecar.Address);
    }

    private async Task<Finding> HealthyAsync(CancellationToken stop)
    {
        string said;
        try
        {
            var health = await sidecar.HealthAsync(stop);
            if (health.Body.Status == "ok")
            {
                return Finding.Good("ok");
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
            ? throw new CheckFailedException(
                string.Join(' ', reasons),
                $"Mend what is named first, start the sidecar again, and run this again.{(ready.Body.Prices?.LastFailure is null ? "" : " " + OtherPrices)}")
            : Finding.Good("calls can be served");
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
                prices.UsableUntil is { } end ? $"See to it before {end:u}, when these prices expire and calls are refused. {OtherPrices}" : null)
            : Finding.Good(age));
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
            ? Task.FromResult(Finding.Good("this machine's and the sidecar's agree"))
            : throw new CheckFailedException(
                $"The sidecar's clock is {Spans.Of(apart)} {(apart > TimeSpan.Zero ? "ahead of" : "behind")} this machine's.",
                "Set both clocks by a time server; holds and prices expire by the sidecar's.");
    }

    private Task<Finding> KeysAsync(CancellationToken stop)
    {
        var providers = _ready?.Providers ?? [];
        if (provider is not null && providers.Count > 0 && providers.All(known => known.Name != Provider))
        {
            throw new CheckFailedException(
                $"The sidecar has no provider '{provider}'.", $"Name one of {string.Join(", ", providers.Select(known => known.Name))}, or set it up: see references/sidecar.md.");
        }

        if (Provider is { } wanted && providers.FirstOrDefault(provider => provider.Name == wanted) is { Key: "missing" } missing)
        {
            throw new CheckFailedException($"The sidecar has no key of {wanted}.", $"Set {missing.KeyVariable} for the sidecar and start it again.");
        }

        return Task.FromResult(Finding.Good(string.Join(", ", providers.Where(provider => provider.Key != "missing").Select(provider => provider.Name))));
    }

    private Task<Finding> ControlAsync(CancellationToken stop) => Task.FromResult(_ready?.Control switch
    {
        "open" => new Finding(
            "",
            Verdict.Warning,
            "Any process on the sidecar's machine can create agents and raise budgets, an agent too.",
            "Make a key with 'spendguard bootstrap --admin-key', or set CAP_ADMIN_KEY for the sidecar and start it again."),
        "key" => Finding.Good("agents and budgets are set with a key only"),
        _ => new Finding("", Verdict.Warning, "The sidecar does not say who may set budgets."),
    });
}
