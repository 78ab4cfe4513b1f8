using System.Globalization;
using System.Text.Json.Serialization;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Control.Tree;

namespace SpendGuard.Sidecar.Control;

internal sealed record AgentBody(
    [property: JsonPropertyName("agent_id")] string AgentId,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("created_at")] string CreatedAt,
    [property: JsonPropertyName("under")] string? Under,
    [property: JsonPropertyName("paused")] PauseBody? Paused,
    [property: JsonPropertyName("paused_above")] PauseAboveBody? PausedAbove)
{
    public static async ValueTask<AgentBody> OfAsync(Agent agent, PausesAbove above, CancellationToken cancellationToken) => new(
        agent.Id.Value,
        agent.Name,
        Time(agent.CreatedAt),
        agent.Parent?.Value,
        PauseBody.Of(agent.Pause),
        await above.FindAsync(agent.Parent, cancellationToken));

    /// <summary>A time as the original wrote it, in UTC.</summary>
    public static string Time(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);
}

/// <param name="Name">A name for people; left as it is when null.</param>
/// <param name="Under">The group that it is under from now on, null for none; left as it is when it is not there.</param>
/// <param name="UniqueName">Whether to refuse a name that another has.</param>
internal sealed record AgentRequest(
    [property: JsonPropertyName("name")] string? Name = null,
    [property: JsonPropertyName("under")] string? Under = null,
    [property: JsonPropertyName("unique_name")] bool UniqueName = false);

/// <param name="Name">A name for people.</param>
/// <param name="AgentId">An id of the caller's own; a new one when null.</param>
/// <param name="Under">The group that it is under; null for none.</param>
/// <param name="UniqueName">Whether to refuse a name that another has.</param>
internal sealed record NewAgentRequest(
    [property: JsonPropertyName("name")] string? Name = null,
    [property: JsonPropertyName("agent_id")] string? AgentId = null,
    [property: JsonPropertyName("under")] string? Under = null,
    [property: JsonPropertyName("unique_name")] bool UniqueName = false);

internal sealed record AgentCreated([property: JsonPropertyName("agent_id")] string AgentId);

/// <summary>Agents, oldest first: all of them, or a page.</summary>
/// <param name="Agents">The agents.</param>
/// <param name="NextAfter">Of a page, what to ask for as <c>after</c> to read on; null when it has none.</param>
/// <param name="HasMore">Of a page, whether there are more.</param>
internal sealed record AgentList(
    [property: JsonPropertyName("agents")] IReadOnlyList<AgentBody> Agents,
    [property: JsonPropertyName("next_after"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextAfter = null,
    [property: JsonPropertyName("has_more"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? HasMore = null);

internal sealed record AgentDeleted(
    [property: JsonPropertyName("agent_id")] string AgentId,
    [property: JsonPropertyName("deleted")] bool Deleted);

internal sealed record RunCreated([property: JsonPropertyName("run_id")] string RunId);
