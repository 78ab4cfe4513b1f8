using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>An id or idempotency key was used before, so the command did not take effect again.</summary>
public sealed class IdConflictException : SpendGuardException
{
    private IdConflictException(string id, string message)
        : base(message) => Id = id;

    /// <summary>The id or key.</summary>
    public string Id { get; }

    internal static IdConflictException ForReservation(ReservationId id, bool sameContent) => new(id.Value, sameContent
        ? $"Reservation '{id}' exists already: its call has been made or is in flight, and is not made again. Use a new id for a new call."
        : $"Reservation '{id}' exists already with other content. Use a new id for a new call.");

    internal static IdConflictException ForGroup(NodeId id) => new(
        id.Value, $"There is, or was, an agent or another group with the id '{id}'. Use a new id for a new group.");

    internal static IdConflictException ForRunLimit(RunId run, Money said, Money first) => new(
        run.Value, $"Run '{run}' may cost {first}, as its first call has said, and this one says {said}. Say the same, or begin a new run.");

    /// <param name="id">The id.</param>
    /// <param name="node">What has it, or had it before it was deleted.</param>
    internal static IdConflictException ForAgent(AgentId id, Node? node) => new(id.Value, node switch
    {
        { Kind: NodeKind.Group } => $"'{id}' is the id of a group{(node.DeletedAt is null ? "" : " that was deleted")}, and agents and groups have their ids in common. Use a new id for a new agent.",
        { DeletedAt: not null } => $"Agent '{id}' was deleted, and its id is not given out again. Use a new id for a new agent.",
        _ => $"Agent '{id}' exists already, or has existed. Use a new id for a new agent.",
    });

    internal static IdConflictException ForBudget(AgentId agent, string key) => new(
        key, $"The idempotency key '{key}' was used before for agent '{agent}' with other figures. Use a new key for a new change.");
}
