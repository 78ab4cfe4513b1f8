using System.Text.Json.Serialization;
using SpendGuard.Budgets;

namespace SpendGuard.Sidecar.Control.Tree;

/// <summary>A group that is paused, and with it what is below it.</summary>
internal sealed record PauseAboveBody(
    [property: JsonPropertyName("group_id")] string GroupId,
    [property: JsonPropertyName("by")] string? By,
    [property: JsonPropertyName("reason")] string? Reason,
    [property: JsonPropertyName("at")] string At);

/// <summary>Finds which group's pause nodes are under: each group's way up is looked at once, and none while nothing is paused.</summary>
internal sealed class PausesAbove(SpendGuardEngine engine)
{
    private readonly Dictionary<NodeId, PauseAboveBody?> _known = [];
    private bool? _any;

    /// <summary>The nearest group that is paused, from a node's own on; null where none is.</summary>
    /// <param name="group">The group that the node is under; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<PauseAboveBody?> FindAsync(NodeId? group, CancellationToken cancellationToken)
    {
        if (group is not { } first || !(_any ??= (await engine.ListPausedAsync(cancellationToken)).Count > 0))
        {
            return null;
        }

        if (!_known.TryGetValue(first, out var found))
        {
            var path = await engine.FindPathAsync(first, cancellationToken);
            found = path.FirstOrDefault(node => node.Node.Pause is not null) is { Node: { Pause: { } pause } node }
                ? new PauseAboveBody(node.Id.Value, pause.By, pause.Reason, AgentBody.Time(pause.At))
                : null;
            _known.Add(first, found);
        }

        return found;
    }
}
