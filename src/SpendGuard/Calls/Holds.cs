using Microsoft.Extensions.Logging;
using SpendGuard.Budgets;
using SpendGuard.Calls.Cuts;
using SpendGuard.Storage;
using SpendGuard.Telemetry;

namespace SpendGuard.Calls;

/// <summary>Asks the store for holds: waits while a budget is locked, clears away what has expired, and says why when it is refused.</summary>
internal sealed class Holds(
    IBudgetStore store,
    SpendGuardOptions options,
    TimeProvider time,
    LockedQueue locked,
    Intents intents,
    CallsInFlight own,
    PauseWatch pauses,
    EngineTelemetry telemetry,
    ILogger logger)
{
    private const int ExpiredPage = 200;

    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Holds what a command asks for. What fails and may have been committed all the same is given back by itself.</summary>
    /// <param name="describe">The command as of a time.</param>
    /// <param name="wait">How long it waits while the budget is locked.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <param name="need">What a refusal says of the amount.</param>
    /// <exception cref="SpendGuardException">The hold was refused.</exception>
    public async ValueTask<Reservation> HoldAsync(
        Func<DateTimeOffset, Reserve> describe, TimeSpan wait, CancellationToken cancellationToken, CallNeed need = default)
    {
        var command = describe(time.GetUtcNow());
        var answer = await IsBehindOthersAsync(command, wait, cancellationToken).ConfigureAwait(false)
            ? null
            : await ApplyAsync(command, cancellationToken).ConfigureAwait(false);
        if (answer?.Status == BudgetStatus.Locked && await ForfeitExpiredAsync(WhoHolds(command, answer), cancellationToken).ConfigureAwait(false) > 0)
        {
            answer = await ApplyAsync(describe(time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        }

        if (wait > TimeSpan.Zero && (answer is null || MayWait(answer)))
        {
            answer = await locked.WaitAsync(command.Agent, wait, AgainAsync, MayWait, cancellationToken).ConfigureAwait(false) ?? answer;
        }

        // It was behind others until its time was up, or there was no place to wait.
        answer ??= await ApplyAsync(describe(time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        var asked = await ApprovalAsync(answer, cancellationToken).ConfigureAwait(false);
        if (asked is not null && ApprovalRules.IsDoneWith(asked, answer.Account, time.GetUtcNow()))
        {
            answer = await ApplyAsync(describe(time.GetUtcNow()) with { AskedBefore = asked.Id }, cancellationToken).ConfigureAwait(false);
            asked = await ApprovalAsync(answer, cancellationToken).ConfigureAwait(false);
        }

        return answer.Status == BudgetStatus.Applied
            ? HeldBy(answer)
            : throw await RefusalAsync(command, answer, asked, need, cancellationToken).ConfigureAwait(false);

        async ValueTask<BudgetAnswer> AgainAsync()
        {
            if (answer?.Account is { } before)
            {
                locked.WaitFor(command.Agent, before.Key);
            }

            do
            {
                await ForfeitExpiredAsync(WhoHolds(command, answer), cancellationToken).ConfigureAwait(false);
                answer = await ApplyAsync(describe(time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
            }
            while (answer is { Status: BudgetStatus.Locked, Account: { } account } && locked.WaitFor(command.Agent, account.Key));

            return answer;
        }
    }

    /// <summary>Holds what a command asks for if that fits at once, and no call of the agent's was there before.</summary>
    /// <param name="command">The command.</param>
    /// <param name="wait">How long its call waits while the budget is locked.</param>
    /// <param name="cancellationToken">Withdraws it.</param>
    /// <returns>The reservation; or what there is for it if all that is held came back.</returns>
    /// <exception cref="SpendGuardException">There is nothing to hold it in.</exception>
    public async ValueTask<(Reservation? Held, Money Left)> TryHoldAsync(Reserve command, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (await IsBehindOthersAsync(command, wait, cancellationToken).ConfigureAwait(false))
        {
            return (null, await LeftAsync(command.Agent, cancellationToken).ConfigureAwait(false));
        }

        var answer = await ApplyAsync(command, cancellationToken).ConfigureAwait(false);
        return answer.Status switch
        {
            BudgetStatus.Applied => (HeldBy(answer), Money.Zero),
            BudgetStatus.Insufficient or BudgetStatus.Locked => (null, answer.Account?.Attainable ?? answer.Budget?.Remaining ?? Money.Zero),
            _ => throw await RefusalAsync(command, answer, asked: null, default, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>What one call may take of a budget as it looks now, to ask for what is of use; null without a budget. Others may take it meanwhile.</summary>
    public async ValueTask<Money?> AvailableAsync(AgentId agent, CancellationToken cancellationToken)
    {
        var path = await PathOfAsync(agent, cancellationToken).ConfigureAwait(false);
        return path.Select(node => node.Available).OfType<Money>().ToList() is { Count: > 0 } amounts
            ? path[0].Budget?.ShareOf(amounts.Min()) ?? amounts.Min()
            : null;
    }

    /// <summary>Books every hold that has expired as spent.</summary>
    /// <param name="agent">Only this agent's; null for all.</param>
    /// <param name="cancellationToken">Stops between two holds.</param>
    /// <returns>How many were forfeited.</returns>
    public async ValueTask<int> ForfeitExpiredAsync(AgentId? agent, CancellationToken cancellationToken)
    {
        var forfeited = 0;
        int before;
        bool full;
        do
        {
            before = forfeited;
            var now = time.GetUtcNow();

            // Longer by those that are left alone, so that they keep none out of the page.
            var most = ExpiredPage + own.Count;
            var expired = await store.FindInFlightAsync(now, agent, most, cancellationToken).ConfigureAwait(false);
            full = expired.Count == most;
            foreach (var reservation in expired.Where(reservation => !own.IsAlive(reservation.Id)))
            {
                var known = own.KnownCostOf(reservation.Id);
                var command = new Forfeit(reservation.Id, OnlyIfExpired: true, now) { Known = known };
                var answer = await store.ApplyAsync(command, cancellationToken).ConfigureAwait(false);
                if (answer.Status == BudgetStatus.Applied)
                {
                    forfeited++;
                    locked.Pulse(reservation.Agent, reservation.Accounts);
                    telemetry.Expired(reservation);
                    Log.Expired(logger, reservation.Id, reservation.Agent, Money.Max(reservation.Held, known));
                }
            }
        }
        while (full && forfeited > before);

        return forfeited;
    }

    /// <summary>
    /// Whether others of the agent's calls have waited for longer: a call that can wait does not go before them, or one that needs much would
    /// never have its turn. What can never fit is to be told so at once.
    /// </summary>
    private async ValueTask<bool> IsBehindOthersAsync(Reserve command, TimeSpan wait, CancellationToken cancellationToken) =>
        wait > TimeSpan.Zero
        && locked.HasLine(command.Agent)
        && (await store.FindBudgetAsync(command.Agent, cancellationToken).ConfigureAwait(false) is not { } budget
            || (!budget.Closed && command.Floor <= budget.Attainable && MayWaitUnder(budget)));

    private async ValueTask<Money> LeftAsync(AgentId agent, CancellationToken cancellationToken) =>
        (await PathOfAsync(agent, cancellationToken).ConfigureAwait(false))
            .SelectMany(node => node.Limits.Select(limit => limit.Account.Attainable).Append(node.Budget?.Remaining ?? Money.MaxValue))
            .DefaultIfEmpty(Money.Zero).Min();

    /// <summary>What limits an agent, as the next call would meet it.</summary>
    private async ValueTask<IReadOnlyList<NodeBudgets>> PathOfAsync(AgentId agent, CancellationToken cancellationToken) =>
        [.. (await store.FindPathAsync(agent, cancellationToken).ConfigureAwait(false)).Select(state => NodeBudgets.Of(state, time.GetUtcNow()))];

    /// <summary>Whose calls lock it: the agent's own; null for anybody's, where a limit of a group is full of them.</summary>
    private static AgentId? WhoHolds(Reserve command, BudgetAnswer? answer) =>
        answer?.Account is { } account && account.Node != command.Agent ? (AgentId?)null : command.Agent;

    private bool MayWait(BudgetAnswer answer) =>
        answer is { Status: BudgetStatus.Locked } && (answer.Budget is not { } budget || (MayWaitUnder(budget) && !budget.OnlyBatches));

    private bool MayWaitUnder(Budget budget) => options.SingleCallsWait || budget.MaxInFlight != 1;

    private async ValueTask<BudgetAnswer> ApplyAsync(Reserve command, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ApplyAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (ArgumentException or OverflowException or ObjectDisposedException))
        {
            intents.Add(new HoldInDoubt(command, options.ReservationLifetime, time, withdrawn: exception is OperationCanceledException));
            throw;
        }
    }

    private async ValueTask<Approval?> ApprovalAsync(BudgetAnswer answer, CancellationToken cancellationToken) =>
        answer.Approval is { } id ? await store.FindApprovalAsync(id, cancellationToken).ConfigureAwait(false) : null;

    /// <summary>What a refusal says. What the answer does not tell of its cause is looked up.</summary>
    private async ValueTask<SpendGuardException> RefusalAsync(
        Reserve command, BudgetAnswer answer, Approval? asked, CallNeed need, CancellationToken cancellationToken)
    {
        var agent = command.Agent;
        Log.Refused(logger, agent, command.Model, answer.Status, command.Floor);
        switch (answer.Status)
        {
            case BudgetStatus.Paused:
                pauses.Pulse();
                return new NodePausedException(agent, new PausedNode(answer.Node!.Id, answer.Node.Pause!), command.Floor, answer.Budget,
                    command.IsTentative ? "" : BreakerSentence.Of(answer, command.Needed, need, time.GetUtcNow()));
            case BudgetStatus.OtherRunLimit:
                return IdConflictException.ForRunLimit(command.Run!.Value, command.RunLimit!.Value, answer.Account!.Amount);
            case BudgetStatus.Insufficient when answer.Account is { } account:
                return new InsufficientBudgetException(
                    agent, answer.Budget, account, AccountRules.ResetsAt(account, command.Floor, time.GetUtcNow()), answer.FitsAt, command.Floor, need, asked);
            case BudgetStatus.Locked when answer.Account is { } account:
                return new BudgetLockedException(agent, answer.Budget, account, command.Floor, RetryAfter);
            case BudgetStatus.Insufficient:
                return new InsufficientBudgetException(agent, answer.Budget!, command.Floor, need, asked);
            case BudgetStatus.Locked:
                var inFlight = await store.FindInFlightAsync(expiredAt: null, agent, limit: 1, cancellationToken).ConfigureAwait(false);
                TimeSpan? expiresIn = inFlight is [var first] ? first.ExpiresAt - time.GetUtcNow() : null;
                return answer.Budget!.OnlyBatches && expiresIn is { } rest
                    ? new BudgetLockedException(agent, answer.Budget, command.Floor, rest)
                    : new BudgetLockedException(agent, answer.Budget, command.Floor, RetryAfter, expiresIn);
            case BudgetStatus.NoBudget:
                return new BudgetNotFoundException(agent, command.Floor, await store.FindAgentAsync(agent, cancellationToken).ConfigureAwait(false));
            default:
                return IdConflictException.ForReservation(command.Id, sameContent: answer.Status == BudgetStatus.Replayed);
        }
    }

    /// <summary>With the limit of its run, by which it is made again should the store forget it.</summary>
    private static Reservation HeldBy(BudgetAnswer answer) => answer.Reservation! with { RunLimit = answer.RunLimit };
}
