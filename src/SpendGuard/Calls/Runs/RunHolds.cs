using Microsoft.Extensions.Logging;
using SpendGuard.Budgets;
using SpendGuard.Calls.Cuts;

namespace SpendGuard.Calls.Runs;

/// <summary>
/// Holds for a call in its run first, where that has a cap, and then in the store no more than the run had free. What the store holds less goes
/// back to the run, and all of it where the store refuses: nothing is ever held in the store that is not held in the run.
/// </summary>
internal sealed class RunHolds(Holds holds, LockedQueue locked, WaitingCalls waiting, TimeProvider time, ILogger logger)
{
    /// <summary>Holds what a command asks for, as <see cref="Holds"/> does.</summary>
    /// <param name="run">The run with a cap that the call counts for; null where there is none.</param>
    /// <param name="describe">The command as of a time.</param>
    /// <param name="wait">How long it waits while the run or the budget is locked, both together.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <param name="need">What a refusal says of the amount.</param>
    /// <exception cref="SpendGuardException">The hold was refused.</exception>
    public async ValueTask<(Reservation Held, RunHold? InRun)> HoldAsync(
        SpendGuardRun? run, Func<DateTimeOffset, Reserve> describe, TimeSpan wait, CancellationToken cancellationToken, CallNeed need = default)
    {
        if (run is null)
        {
            return (await holds.HoldAsync(describe, wait, cancellationToken, need).ConfigureAwait(false), null);
        }

        var since = time.GetTimestamp();
        var inRun = await HoldInRunAsync(run.Account, describe(time.GetUtcNow()), wait, need, cancellationToken).ConfigureAwait(false);
        try
        {
            var waited = time.GetElapsedTime(since);
            var left = waited < wait ? wait - waited : TimeSpan.Zero;
            var held = await holds.HoldAsync(now => describe(now) with { Ceiling = inRun.Held }, left, cancellationToken, need).ConfigureAwait(false);
            inRun.Keep(held.Held, locked);
            return (held, inRun);
        }
        catch
        {
            inRun.GiveBack(locked);
            throw;
        }
    }

    /// <summary>What a call could hold as things stand, in its run and in the store, as a hint; null when there is no budget.</summary>
    /// <param name="run">The run with a cap that the call counts for; null where there is none.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<Money?> AvailableAsync(SpendGuardRun? run, AgentId agent, CancellationToken cancellationToken) =>
        await holds.AvailableAsync(agent, cancellationToken).ConfigureAwait(false) is { } available
            ? run is null ? available : run.Account.WithOuter.Select(static account => account.Budget.Available).Aggregate(available, Money.Min)
            : null;

    /// <summary>Holds what a command asks for if that fits at once, and no call was there before.</summary>
    /// <returns>The reservation; or what there is for it if all that is held came back.</returns>
    /// <inheritdoc cref="HoldAsync"/>
    public async ValueTask<(Reservation? Held, RunHold? InRun, Money Left)> TryHoldAsync(
        SpendGuardRun? run, Reserve command, TimeSpan wait, CancellationToken cancellationToken)
    {
        RunHold? inRun = null;
        if (run is { Account: var account } && (LineBefore(account, wait) is not null || (inRun = account.Hold(command).Hold) is null))
        {
            return (null, null, account.Budget.Remaining);
        }

        try
        {
            var (held, left) = await holds.TryHoldAsync(command, wait, cancellationToken).ConfigureAwait(false);
            if (held is null)
            {
                inRun?.GiveBack(locked);
            }

            return (held, held is null ? null : inRun, left);
        }
        catch
        {
            inRun?.GiveBack(locked);
            throw;
        }
    }

    private async ValueTask<RunHold> HoldInRunAsync(
        RunAccount run, Reserve command, TimeSpan wait, CallNeed need, CancellationToken cancellationToken)
    {
        var line = run.CanFit(command) ? LineBefore(run, wait) : null;
        var answer = line is null ? run.Hold(command) : null;
        if (wait > TimeSpan.Zero && (answer is null || IsLocked(answer)))
        {
            answer = await WaitAsync(line ?? answer!.Account, run, command, wait, cancellationToken).ConfigureAwait(false) ?? answer;
        }

        // It was behind others until its time was up, or there was no place to wait.
        answer ??= run.Hold(command);
        return answer.Hold ?? throw Refusal(command, answer, need);
    }

    private async ValueTask<RunAnswer?> WaitAsync(RunAccount line, RunAccount run, Reserve command, TimeSpan wait, CancellationToken cancellationToken)
    {
        var cut = waiting.Begin(command.Agent);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cut.Token);
        try
        {
            return await locked.WaitAsync(line, wait, () => ValueTask.FromResult(run.Hold(command)), IsLocked, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cut.PausedBy is not null && !cancellationToken.IsCancellationRequested)
        {
            Log.Refused(logger, command.Agent, command.Model, BudgetStatus.Paused, command.Floor);
            throw new NodePausedException(command.Agent, cut.PausedBy, command.Floor);
        }
        finally
        {
            waiting.End(cut);
        }
    }

    /// <summary>The run that calls wait for which were there before, be it this one or one around it; null where there is none.</summary>
    private RunAccount? LineBefore(RunAccount run, TimeSpan wait) => wait > TimeSpan.Zero ? run.WithOuter.FirstOrDefault(locked.HasLine) : null;

    private static bool IsLocked(RunAnswer answer) => answer.Status == BudgetStatus.Locked;

    private SpendGuardException Refusal(Reserve command, RunAnswer answer, CallNeed need)
    {
        Log.RefusedByRun(logger, answer.Account.Run, command.Agent, command.Model, answer.Status, command.Floor);
        return IsLocked(answer)
            ? new BudgetLockedException(answer.Account.Run, answer.Budget, command.Floor, Holds.RetryAfter)
            : new InsufficientBudgetException(answer.Account.Run, answer.Budget, command.Floor, need);
    }
}
