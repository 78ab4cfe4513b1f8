using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>
/// The agent, or a group above it, is paused: no call is made under it, and those in flight have been cut. It helps neither to try again nor to
/// top a budget up, until whoever has paused it resumes it.
/// </summary>
public sealed class NodePausedException : BudgetRefusedException
{
    /// <summary>Refuses a call that was not made.</summary>
    /// <param name="agent">The agent that calls.</param>
    /// <param name="paused">Which node is paused.</param>
    /// <param name="required">The least that the call had to hold.</param>
    /// <param name="budget">The agent's budget; null where it is not known.</param>
    /// <param name="tripped">Of a call that has tripped a breaker, what it needed, in whole sentences.</param>
    internal NodePausedException(AgentId agent, PausedNode paused, Money required, Budget? budget = null, string tripped = "")
        : base($"{CauseOf(agent, paused)} {tripped}Nothing was sent to a provider. {WayOut(paused.Node)}", agent, budget, required)
    {
        Node = paused.Node;
        Pause = paused.Pause;
    }

    /// <summary>Says of a call that it was cut.</summary>
    /// <param name="call">What was held for it, and what has become of that.</param>
    /// <param name="paused">Which node is paused.</param>
    /// <param name="budget">The agent's budget after it; null where it is not known.</param>
    internal NodePausedException(Reservation call, PausedNode paused, Budget? budget)
        : base($"{CauseOf(call.Agent, paused)} {FateOf(call)} {WayOut(paused.Node)}", call.Agent, budget, call.Floor)
    {
        Node = paused.Node;
        Pause = paused.Pause;
        WasCut = call.End != ReservationEnd.Released;
    }

    /// <summary>The node that is paused: the agent itself, or a group above it.</summary>
    public NodeId Node { get; }

    /// <summary>Who has paused it, why, and since when.</summary>
    public Pause Pause { get; }

    /// <summary>Whether the call was in flight and was cut, so that it may have been charged; otherwise nothing was sent.</summary>
    public bool WasCut { get; }

    private static string CauseOf(AgentId agent, PausedNode paused)
    {
        var pause = paused.Pause;
        var who = paused.Node == agent ? "it" : $"group '{paused.Node}' above it";
        return $"Paused: agent '{agent}' makes no calls, because {who} was paused{(pause.By is null ? "" : $" by {pause.By}")} at {pause.At.UtcDateTime:u}"
            + $"{(string.IsNullOrWhiteSpace(pause.Reason) ? "." : $": {pause.Reason.Trim().TrimEnd('.')}.")}";
    }

    private static string FateOf(Reservation call) => call.End switch
    {
        ReservationEnd.None => $"The call was in flight and was cut; the ledger has what is booked for it, as reservation '{call.Id}'.",
        ReservationEnd.Released => "The call was not sent any more, and nothing is charged.",
        _ => $"The call was in flight and was cut: {call.Charged} is booked for it in the ledger, as reservation '{call.Id}'.",
    };

    private static string WayOut(NodeId node) => $"Ask whoever paused it to resume it: spendguard resume '{node}'.";
}
