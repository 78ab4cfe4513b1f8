using System.Text.Json.Serialization;

namespace SpendGuard.Cli.Connection;

/// <summary>Whether a sidecar can serve calls, and what it works with.</summary>
internal sealed record ReadyView(
    [property: JsonPropertyName("status")] string? Status,
    [property: JsonPropertyName("reasons")] IReadOnlyList<string>? Reasons,
    [property: JsonPropertyName("prices")] PricesView? Prices,
    [property: JsonPropertyName("request_tables")] TablesView? Tables,
    [property: JsonPropertyName("providers")] IReadOnlyList<ProviderView>? Providers,
    [property: JsonPropertyName("control")] string? Control);

internal sealed record PricesView(
    [property: JsonPropertyName("source")] string? Source,
    [property: JsonPropertyName("signature")] string? Signature,
    [property: JsonPropertyName("usable_until")] DateTimeOffset? UsableUntil,
    [property: JsonPropertyName("age_seconds")] long AgeSeconds,
    [property: JsonPropertyName("last_failure")] string? LastFailure);

internal sealed record TablesView(
    [property: JsonPropertyName("source")] string? Source,
    [property: JsonPropertyName("signature")] string? Signature,
    [property: JsonPropertyName("generated_at")] DateTimeOffset GeneratedAt,
    [property: JsonPropertyName("usable_until")] DateTimeOffset? UsableUntil,
    [property: JsonPropertyName("last_failure")] string? LastFailure);

internal sealed record ProviderView(
    [property: JsonRequired, JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("key")] string? Key,
    [property: JsonPropertyName("key_variable")] string? KeyVariable);

internal sealed record ProviderCheckView(
    [property: JsonRequired, JsonPropertyName("provider")] string Provider,
    [property: JsonRequired, JsonPropertyName("result")] string Result,
    [property: JsonPropertyName("http_status")] int? HttpStatus,
    [property: JsonPropertyName("milliseconds")] long Milliseconds,
    [property: JsonPropertyName("reason")] string? Reason);

internal sealed record DryRunOrder(
    [property: JsonPropertyName("provider")] string? Provider,
    [property: JsonPropertyName("model")] string? Model);

internal sealed record DryRunView(
    [property: JsonRequired, JsonPropertyName("provider")] string Provider,
    [property: JsonRequired, JsonPropertyName("model")] string Model,
    [property: JsonRequired, JsonPropertyName("held_microcents")] long HeldMicrocents);
