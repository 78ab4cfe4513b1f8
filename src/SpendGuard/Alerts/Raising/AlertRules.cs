using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SpendGuard.Budgets;

namespace SpendGuard.Alerts;

/// <summary>The alerts that a command raises: a pure function, as the rules of money are.</summary>
[Experimental(ApiTier.Stores)]
public static class AlertRules
{
    /// <summary>
    /// The alerts of what a command has made, for a store to keep in the transaction that commits it. Their ids say what they tell of: of what is
    /// told once a window the second alert has the id of the first, and is not kept.
    /// </summary>
    /// <param name="transition">What the command has made.</param>
    public static IReadOnlyList<Alert> Of(Transition transition)
    {
        ArgumentNullException.ThrowIfNull(transition);
        if (transition is not { Status: BudgetStatus.Applied or BudgetStatus.Insufficient or BudgetStatus.Paused, Command: { } command })
        {
            return [];
        }

        var now = transition.Before.Now ?? command.At;
        return
        [
            .. Crossed(transition, command, now),
            .. Refused(transition, command, now),
            .. PausedOrResumed(transition, command),
            .. Forfeited(transition, command),
            .. Asked(transition, command, now),
        ];
    }

    /// <summary>
    /// What is reached of a limit that was not before. It goes by what is spent: a call holds the most that it can cost, which often is all that
    /// is left of a small limit, and gives nearly all of it back.
    /// </summary>
    private static IEnumerable<Alert> Crossed(Transition transition, BudgetCommand command, DateTimeOffset now)
    {
        var accounts = transition.Accounts.Where(Fill.IsOfInterest).Select(account =>
            (Before: BeforeOf(account, transition.Before.Tree) is { } known ? Fill.Before(known, now) : null, After: Fill.Of(account, now)));
        var budget = transition.Budget != transition.Kept && Fill.Of(transition.Budget) is { } after
            ? (Fill.Of(transition.Kept), after)
            : default((Fill? Before, Fill After)?);
        return accounts.Concat(budget is { } changed ? [changed] : []).SelectMany(fill => Crossed(fill.Before, fill.After, transition, command));
    }

    private static IEnumerable<Alert> Crossed(Fill? before, Fill after, Transition transition, BudgetCommand command)
    {
        foreach (var percent in after.Reached().Except(before?.Reached() ?? []))
        {
            yield return After(CallOf(command, transition.Reservation), after) with
            {
                Id = AlertId.Of(AlertKind.LimitThreshold, after.Node.Value, after.Limit, after.Window(), Text(percent)),
                Kind = AlertKind.LimitThreshold,
                Percent = percent,
            };
        }

        if (after.IsOverdrawn && before is not { IsOverdrawn: true })
        {
            yield return After(CallOf(command, transition.Reservation), after) with
            {
                Id = AlertId.Of(AlertKind.Overdrawn, after.Node.Value, after.Limit, after.Window()),
                Kind = AlertKind.Overdrawn,
            };
        }
    }

    private static IEnumerable<Alert> Refused(Transition transition, BudgetCommand command, DateTimeOffset now)
    {
        if (transition is { Status: BudgetStatus.Insufficient, Approval: null, Asked: null }
            && command is Reserve { IsTentative: false } reserve
            && FullOf(transition, now) is { } full)
        {
            yield return After(CallOf(command, reservation: null), full) with
            {
                Id = AlertId.Of(AlertKind.Refused, full.Node.Value, full.Limit, full.Window()),
                Kind = AlertKind.Refused,
                Required = LeastOf(reserve),
            };
        }
    }

    private static IEnumerable<Alert> PausedOrResumed(Transition transition, BudgetCommand command)
    {
        if (transition.Node is not { } node || PauseBefore(node.Id, transition.Before.Tree) is var before && before == node.Pause)
        {
            yield break;
        }

        var kind = node.Pause is null ? AlertKind.Resumed : AlertKind.Paused;
        yield return CallOf(command, reservation: null) with
        {
            Id = AlertId.Of(kind, node.Id.Value, Text((node.Pause ?? before)!.At.UtcTicks), Text(command.At.UtcTicks)),
            Kind = kind,
            Node = node.Id,
            By = node.Pause is { } pause ? pause.By : (command as NodeCommand)?.By,
            Reason = node.Pause?.Reason,
        };
    }

    private static IEnumerable<Alert> Forfeited(Transition transition, BudgetCommand command)
    {
        if (transition is { Entry.Kind: LedgerEntryKind.Forfeited, Reservation: { } reservation })
        {
            yield return CallOf(command, reservation) with
            {
                Id = AlertId.Of(AlertKind.Forfeited, reservation.Id.Value),
                Kind = AlertKind.Forfeited,
                Required = reservation.Charged,
                Reason = command is Forfeit { OnlyIfExpired: true } ? "its process has not renewed it" : null,
            };
        }
    }

    private static IEnumerable<Alert> Asked(Transition transition, BudgetCommand command, DateTimeOffset now)
    {
        if (transition.Approval is { State: ApprovalState.Pending } approval && command is Reserve reserve)
        {
            var alert = CallOf(command, reservation: null);
            yield return (FullOf(transition, now) is { } full ? After(alert, full) : alert) with
            {
                Id = AlertId.Of(AlertKind.ApprovalRequested, approval.Id.Value),
                Kind = AlertKind.ApprovalRequested,
                Required = LeastOf(reserve),
                ApprovalId = approval.Id.Value,
            };
        }
    }

    /// <summary>What has refused: an account, or the agent's budget.</summary>
    private static Fill? FullOf(Transition transition, DateTimeOffset now) =>
        transition.Refusal is { } account ? Fill.Of(account, now) : Fill.Of(transition.Before.Budget);

    private static Account? BeforeOf(Account account, TreeState tree) =>
        tree.Accounts.FirstOrDefault(known => known.Key == account.Key)
        ?? tree.Path.SelectMany(station => station.Limits).Select(limit => limit.Account).FirstOrDefault(known => known?.Key == account.Key)
        ?? (tree.RunAccount?.Key == account.Key ? tree.RunAccount : null);

    private static Pause? PauseBefore(NodeId node, TreeState tree) =>
        (tree.Node?.Id == node ? tree.Node : tree.Path.Select(station => station.Node).FirstOrDefault(known => known.Id == node))?.Pause;

    /// <summary>What all alerts of a command say: when it was, and whose call.</summary>
    private static Alert CallOf(BudgetCommand command, Reservation? reservation)
    {
        var reserve = command as Reserve;
        var agent = reserve?.Agent ?? reservation?.Agent;
        return new Alert
        {
            Id = "evt_",
            Kind = default,
            At = command.At,
            Node = agent is { } caller ? caller : default(NodeId),
            Agent = agent,
            Run = reserve?.Run ?? reservation?.Run,
            Model = reserve?.Model ?? reservation?.Model,
        };
    }

    private static Money LeastOf(Reserve reserve) => reserve.Whole ? reserve.Ceiling : reserve.Floor;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static Alert After(Alert call, Fill fill) =>
        call with { Node = fill.Node, Limit = fill.Limit, Granted = fill.Amount, Spent = fill.Spent, Held = fill.Held };
}
