using System.Text.Json.Serialization;
using SpendGuard.Budgets;

namespace SpendGuard.Sidecar.Control.Tree;

internal sealed record GroupBody(
    [property: JsonPropertyName("group_id")] string GroupId,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("created_at")] string CreatedAt,
    [property: JsonPropertyName("under")] string? Under,
    [property: JsonPropertyName("paused")] PauseBody? Paused,
    [property: JsonPropertyName("paused_above")] PauseAboveBody? PausedAbove)
{
    public static async ValueTask<GroupBody> OfAsync(Node group, PausesAbove above, CancellationToken cancellationToken) => new(
        group.Id.Value, group.Name, AgentBody.Time(group.CreatedAt), group.Parent?.Value, PauseBody.Of(group.Pause),
        await above.FindAsync(group.Parent, cancellationToken));
}

/// <summary>Who has paused a node, why, and when; what is below it is paused too.</summary>
internal sealed record PauseBody(
    [property: JsonPropertyName("by")] string? By,
    [property: JsonPropertyName("reason")] string? Reason,
    [property: JsonPropertyName("at")] string At)
{
    public static PauseBody? Of(Pause? pause) => pause is null ? null : new(pause.By, pause.Reason, AgentBody.Time(pause.At));
}

/// <param name="Name">A name for people; left as it is when null.</param>
/// <param name="Under">The group that it is under, null for none; left as it is when it is not there.</param>
/// <param name="UniqueName">Whether to refuse a name that another has.</param>
internal sealed record GroupRequest(
    [property: JsonPropertyName("name")] string? Name = null,
    [property: JsonPropertyName("under")] string? Under = null,
    [property: JsonPropertyName("unique_name")] bool UniqueName = false);

/// <param name="Reason">Why, for who is refused and for the ledger.</param>
internal sealed record PauseRequest([property: JsonPropertyName("reason")] string? Reason = null);

/// <summary>A page of the groups, in the order of their ids.</summary>
/// <param name="Groups">The groups.</param>
/// <param name="NextAfter">What to ask for as <c>after</c> to read on; null when there is none.</param>
/// <param name="HasMore">Whether there are more.</param>
internal sealed record GroupList(
    [property: JsonPropertyName("groups")] IReadOnlyList<GroupBody> Groups,
    [property: JsonPropertyName("next_after")] string? NextAfter,
    [property: JsonPropertyName("has_more")] bool HasMore);

internal sealed record GroupDeleted(
    [property: JsonPropertyName("group_id")] string GroupId,
    [property: JsonPropertyName("deleted")] bool Deleted);
