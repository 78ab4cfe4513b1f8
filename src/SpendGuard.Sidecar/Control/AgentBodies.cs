using System.Globalization;
using System.Text.Json.Serialization;
using SpendGuard.Budgets;

namespace SpendGuard.Sidecar.Control;

internal sealed record AgentBody(
    [property: JsonPropertyName("agent_id")] string AgentId,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("created_at")] string CreatedAt)
{
    public static AgentBody Of(Agent agent) => new(
        agent.Id.Value,
        agent.Name,
        Time(agent.CreatedAt));

    /// <summary>A time as the original wrote it, in UTC.</summary>
    public static string Time(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);
}

internal sealed record AgentRequest([property: JsonPropertyName("name")] string? Name);

internal sealed record AgentCreated([property: JsonPropertyName("agent_id")] string AgentId);

internal sealed record AgentList([property: JsonPropertyName("agents")] IReadOnlyList<AgentBody> Agents);

internal sealed record AgentDeleted(
    [property: JsonPropertyName("agent_id")] string AgentId,
    [property: JsonPropertyName("deleted")] bool Deleted);

internal sealed record RunCreated([property: JsonPropertyName("run_id")] string RunId);
