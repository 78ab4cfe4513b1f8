using System.Text.Json.Serialization;
using SpendGuard.Budgets;

namespace SpendGuard.Sidecar.Control.Tree;

/// <summary>An agent or a group, and all that limits it itself.</summary>
internal sealed record NodeBody(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("under")] string? Under,
    [property: JsonPropertyName("paused")] PauseBody? Paused,
    [property: JsonPropertyName("limits")] IReadOnlyList<LimitBody> Limits,
    [property: JsonPropertyName("identical_calls")] int? IdenticalCalls)
{
    public static NodeBody Of(NodeBudgets node) => new(
        node.Node.Id.Value,
        node.Node.Kind == NodeKind.Agent ? "agent" : "group",
        node.Node.Name,
        node.Node.Parent?.Value,
        PauseBody.Of(node.Node.Pause),
        LimitBody.AllOf(node),
        node.Node.IdenticalCalls);
}

/// <summary>A page of all agents and groups, in the order of their ids; each says what it is under.</summary>
/// <param name="Nodes">The agents and groups.</param>
/// <param name="NextAfter">What to ask for as <c>after</c> to read on; null when there is none.</param>
/// <param name="HasMore">Whether there are more.</param>
internal sealed record TreePage(
    [property: JsonPropertyName("nodes")] IReadOnlyList<NodeBody> Nodes,
    [property: JsonPropertyName("next_after")] string? NextAfter,
    [property: JsonPropertyName("has_more")] bool HasMore);

/// <summary>The way from an agent to the root, the agent first: a call has to fit every limit on it.</summary>
internal sealed record PathBody([property: JsonPropertyName("nodes")] IReadOnlyList<NodeBody> Nodes);
