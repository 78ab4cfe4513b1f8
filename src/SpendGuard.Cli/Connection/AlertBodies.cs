using System.Text.Json.Serialization;

namespace SpendGuard.Cli.Connection;

/// <summary>A page of the alerts, newest first.</summary>
internal sealed record AlertPageView(
    [property: JsonRequired, JsonPropertyName("alerts")] IReadOnlyList<AlertView> Alerts,
    [property: JsonPropertyName("next_before")] long? NextBefore);

/// <summary>An alert, and how far it is with whom it is delivered to.</summary>
internal sealed record AlertView(
    [property: JsonRequired, JsonPropertyName("id")] string Id,
    [property: JsonRequired, JsonPropertyName("type")] string Type,
    [property: JsonRequired, JsonPropertyName("at")] DateTimeOffset At,
    [property: JsonRequired, JsonPropertyName("message")] string Message,
    [property: JsonRequired, JsonPropertyName("node_id")] string NodeId,
    [property: JsonRequired, JsonPropertyName("deliveries")] IReadOnlyList<AlertDeliveryView> Deliveries);

/// <summary>How far an alert is with one receiver.</summary>
internal sealed record AlertDeliveryView(
    [property: JsonRequired, JsonPropertyName("sink")] string Sink,
    [property: JsonRequired, JsonPropertyName("attempts")] int Attempts,
    [property: JsonPropertyName("delivered_at")] DateTimeOffset? DeliveredAt,
    [property: JsonPropertyName("due_at")] DateTimeOffset? DueAt,
    [property: JsonPropertyName("failure")] string? Failure);

internal sealed record AlertReplay([property: JsonPropertyName("since")] DateTimeOffset Since);

internal sealed record AlertsReplayedView([property: JsonRequired, JsonPropertyName("replayed")] int Replayed);
