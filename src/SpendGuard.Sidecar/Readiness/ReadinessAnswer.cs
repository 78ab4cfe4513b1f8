using System.Text.Json.Serialization;

namespace SpendGuard.Sidecar.Readiness;

/// <summary>The answer of the readiness route.</summary>
internal sealed record ReadinessAnswer(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("reasons"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Reasons,
    [property: JsonPropertyName("prices")] PriceState Prices,
    [property: JsonPropertyName("request_tables")] TableState Tables,
    [property: JsonPropertyName("providers")] IReadOnlyList<ProviderState> Providers,
    [property: JsonPropertyName("control")] string Control)
{
    /// <summary>Control routes are open to whoever can connect.</summary>
    public const string ControlOpen = "open";

    /// <summary>Control routes ask for a key.</summary>
    public const string ControlByKey = "key";
}

/// <summary>The prices in force. A failure alone does not make the sidecar unready: the last good prices serve until they expire.</summary>
/// <param name="Source">Where the prices are from.</param>
/// <param name="Signature"><c>verified</c>, <c>not verified</c>, or <c>bundled</c> for the prices that ship with SpendGuard.</param>
/// <param name="GeneratedAt">The date of the prices.</param>
/// <param name="UsableUntil">When they must no longer be used; null for never.</param>
/// <param name="AgeSeconds">How old they are.</param>
/// <param name="LastFailure">What went wrong the last time that prices were looked up; null when nothing did.</param>
internal sealed record PriceState(
    [property: JsonPropertyName("source")] string Source,
    [property: JsonPropertyName("signature")] string Signature,
    [property: JsonPropertyName("generated_at")] DateTimeOffset GeneratedAt,
    [property: JsonPropertyName("usable_until")] DateTimeOffset? UsableUntil,
    [property: JsonPropertyName("age_seconds")] long AgeSeconds,
    [property: JsonPropertyName("last_failure")] string? LastFailure)
{
    public const string Verified = "verified";
    public const string NotVerified = "not verified";
    public const string Bundled = "bundled";
}

/// <summary>The request tables in force. A failure alone does not make the sidecar unready, as for prices.</summary>
/// <param name="Source">Where they are from.</param>
/// <param name="Signature"><c>verified</c>, <c>not verified</c>, or <c>bundled</c> for those that ship with SpendGuard.</param>
/// <param name="GeneratedAt">Their date.</param>
/// <param name="UsableUntil">When they must no longer be used; null for never.</param>
/// <param name="LastFailure">What went wrong the last time that they were looked up; null when nothing did.</param>
internal sealed record TableState(
    [property: JsonPropertyName("source")] string Source,
    [property: JsonPropertyName("signature")] string Signature,
    [property: JsonPropertyName("generated_at")] DateTimeOffset GeneratedAt,
    [property: JsonPropertyName("usable_until")] DateTimeOffset? UsableUntil,
    [property: JsonPropertyName("last_failure")] string? LastFailure);

/// <summary>A provider that calls can go to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key"><c>set</c>, <c>missing</c>, or <c>not needed</c>; never the key.</param>
/// <param name="KeyVariable">The setting that holds its key; null when none is needed.</param>
internal sealed record ProviderState(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("key")] string Key,
    [property: JsonPropertyName("key_variable"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? KeyVariable)
{
    public const string Set = "set";
    public const string Missing = "missing";
    public const string NotNeeded = "not needed";
}

/// <summary>Writes answers without reflection.</summary>
[JsonSerializable(typeof(ReadinessAnswer))]
internal sealed partial class ReadinessJson : JsonSerializerContext;
