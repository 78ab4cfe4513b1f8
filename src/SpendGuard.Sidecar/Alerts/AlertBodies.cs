using System.Text.Json.Serialization;
using SpendGuard.Alerts;
using SpendGuard.Sidecar.Control;

namespace SpendGuard.Sidecar.Alerts;

/// <summary>A page of the alerts, newest first.</summary>
/// <param name="Alerts">The alerts.</param>
/// <param name="NextBefore">What to ask for as <c>before</c> to read on; null when there are no more.</param>
/// <param name="HasMore">Whether there are more.</param>
internal sealed record AlertPage(
    [property: JsonPropertyName("alerts")] IReadOnlyList<AlertView> Alerts,
    [property: JsonPropertyName("next_before")] long? NextBefore,
    [property: JsonPropertyName("has_more")] bool HasMore);

/// <summary>An alert, and how far it is with whom it is delivered to. Its fields are those of a webhook's body.</summary>
internal sealed record AlertView
{
    [JsonPropertyName("sequence")]
    public required long Sequence { get; init; }

    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("at")]
    public required string At { get; init; }

    /// <summary>The alert in a sentence.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    [JsonPropertyName("node_id")]
    public required string NodeId { get; init; }

    [JsonPropertyName("limit")]
    public required string? Limit { get; init; }

    [JsonPropertyName("percent")]
    public required int? Percent { get; init; }

    [JsonPropertyName("granted_microcents")]
    public required long? GrantedMicrocents { get; init; }

    [JsonPropertyName("spent_microcents")]
    public required long? SpentMicrocents { get; init; }

    [JsonPropertyName("held_microcents")]
    public required long? HeldMicrocents { get; init; }

    [JsonPropertyName("required_microcents")]
    public required long? RequiredMicrocents { get; init; }

    [JsonPropertyName("agent_id")]
    public required string? AgentId { get; init; }

    [JsonPropertyName("run_id")]
    public required string? RunId { get; init; }

    [JsonPropertyName("model")]
    public required string? Model { get; init; }

    /// <summary>Who has paused or resumed the node.</summary>
    [JsonPropertyName("by")]
    public required string? By { get; init; }

    [JsonPropertyName("reason")]
    public required string? Reason { get; init; }

    [JsonPropertyName("approval_id")]
    public required string? ApprovalId { get; init; }

    [JsonPropertyName("deliveries")]
    public required IReadOnlyList<AlertDeliveryView> Deliveries { get; init; }

    public static AlertView Of(KeptAlert kept)
    {
        var alert = kept.Alert;
        return new AlertView
        {
            Sequence = kept.Sequence,
            Id = alert.Id,
            Type = AlertJson.TypeOf(alert.Kind),
            At = AgentBody.Time(alert.At),
            Message = alert.ToString(),
            NodeId = alert.Node.Value,
            Limit = alert.Limit,
            Percent = alert.Percent,
            GrantedMicrocents = alert.Granted?.Microcents,
            SpentMicrocents = alert.Spent?.Microcents,
            HeldMicrocents = alert.Held?.Microcents,
            RequiredMicrocents = alert.Required?.Microcents,
            AgentId = alert.Agent?.Value,
            RunId = alert.Run?.Value,
            Model = alert.Model,
            By = alert.By,
            Reason = alert.Reason,
            ApprovalId = alert.ApprovalId,
            Deliveries = [.. kept.Progress.Select(AlertDeliveryView.Of)],
        };
    }
}

/// <summary>How far an alert is with one receiver.</summary>
internal sealed record AlertDeliveryView
{
    /// <summary>The receiver: <c>log</c>, or a webhook by its host.</summary>
    [JsonPropertyName("sink")]
    public required string Sink { get; init; }

    [JsonPropertyName("attempts")]
    public required int Attempts { get; init; }

    [JsonPropertyName("delivered_at")]
    public required string? DeliveredAt { get; init; }

    /// <summary>When it is tried next; null when it was delivered, or given up.</summary>
    [JsonPropertyName("due_at")]
    public required string? DueAt { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    [JsonPropertyName("failure")]
    public required string? Failure { get; init; }

    public static AlertDeliveryView Of(AlertProgress progress) => new()
    {
        Sink = progress.Sink,
        Attempts = progress.Attempts,
        DeliveredAt = progress.DeliveredAt is { } delivered ? AgentBody.Time(delivered) : null,
        DueAt = progress.DueAt is { } due ? AgentBody.Time(due) : null,
        Failure = progress.Failure,
    };
}

/// <summary>Which alerts are to be delivered once more.</summary>
/// <param name="Since">All that were raised at this time or later, such as <c>2026-11-27T00:00:00Z</c>.</param>
internal sealed record AlertReplayRequest([property: JsonPropertyName("since")] string Since);

/// <param name="Replayed">How many alerts are delivered once more.</param>
internal sealed record AlertsReplayed([property: JsonPropertyName("replayed")] int Replayed);
