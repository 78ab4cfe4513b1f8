using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.Refusals;

/// <summary>The limit that has refused a call, as a body has it beside <c>detail</c>.</summary>
/// <param name="Node">The agent or the group whose limit it is.</param>
/// <param name="Limit">The name of its window.</param>
/// <param name="ResetsAt">When it has room again, if nothing else is spent; null where that is never, or not known.</param>
/// <param name="FitsAt">When the call fits all that limits it, if nothing else is spent; null where that is never, or not known.</param>
internal sealed record RefusedLimit(string Node, string Limit, DateTimeOffset? ResetsAt, DateTimeOffset? FitsAt)
{
    /// <summary>A client that waits for longer is better told by its people.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromHours(1);

    /// <summary>What an exception says of it; null where no limit has refused.</summary>
    public static RefusedLimit? Of(Exception exception) => (exception as BudgetRefusedException ?? exception.InnerException as BudgetRefusedException) is { Account: { } account } refusal
        ? new(account.Node.Value, account.Limit, refusal.ResetsAt, refusal.FitsAt)
        : null;

    /// <summary>How long the call has to wait until it can fit, where that is soon; null where it is not.</summary>
    public TimeSpan? RestAt(DateTimeOffset now) => FitsAt - now is { } rest && rest <= Near ? rest : null;

    /// <summary>Adds it to a body.</summary>
    public void AddTo(JsonObject body)
    {
        body["node"] = Node;
        body["limit"] = Limit;
        body["resets_at"] = ResetsAt is { } at ? Control.AgentBody.Time(at) : null;
    }
}
