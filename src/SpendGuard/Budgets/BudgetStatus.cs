using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>What came of a command.</summary>
[Experimental(ApiTier.Stores)]
public enum BudgetStatus
{
    /// <summary>It took effect.</summary>
    Applied,

    /// <summary>The same command had taken effect before; nothing changed.</summary>
    Replayed,

    /// <summary>Refused: there is no such agent, or it was deleted.</summary>
    NoAgent,

    /// <summary>Refused: the agent has no budget, or it is closed.</summary>
    NoBudget,

    /// <summary>Refused: the floor would not fit even if all that is held came back.</summary>
    Insufficient,

    /// <summary>Refused for now: it would fit once calls in flight end.</summary>
    Locked,

    /// <summary>Refused: the id was used before with other content.</summary>
    Conflict,

    /// <summary>Refused: there is no reservation with this id.</summary>
    NoReservation,

    /// <summary>Refused: the reservation has ended in another way.</summary>
    Ended,

    /// <summary>Nothing to do: the reservation has not expired.</summary>
    NotExpired,

    /// <summary>Refused: a node on the way to the root is paused.</summary>
    Paused,

    /// <summary>Refused: there is no such node, or it was deleted.</summary>
    NoNode,

    /// <summary>Refused: there is no such group to be under, or it was deleted.</summary>
    NoGroup,

    /// <summary>Refused: the node would be under itself.</summary>
    Circle,

    /// <summary>Refused: there would be more groups above one another than may be.</summary>
    TooDeep,

    /// <summary>Refused: the node has as many limits as it may have.</summary>
    TooManyLimits,

    /// <summary>Refused: the node has no such limit.</summary>
    NoLimit,

    /// <summary>Refused: something is under the group.</summary>
    NotEmpty,

    /// <summary>Refused: the run has another limit, given by its first call.</summary>
    OtherRunLimit,

    /// <summary>Refused: there is no such request for approval.</summary>
    NoApproval,

    /// <summary>Refused: the request was answered before, otherwise, or the window that it was left in is over.</summary>
    ApprovalOver,

    /// <summary>Refused: another node of its kind has the name, which the command wants for one alone.</summary>
    NameTaken,
}
