using System.Globalization;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Ledger;

/// <summary>What of a ledger entry is told, under the names that the sidecar gives it.</summary>
internal static class LedgerColumns
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public static IReadOnlyList<(string Name, Func<LedgerEntryView, string?> Value)> All { get; } =
    [
        ("sequence", entry => Number(entry.Sequence)),
        ("at", entry => Time(entry.At)),
        ("kind", entry => entry.Kind),
        ("agent_id", entry => entry.AgentId),
        ("reservation_id", entry => entry.ReservationId),
        ("run_id", entry => entry.RunId),
        ("model", entry => entry.Model),
        ("function", entry => entry.Function),
        ("unbounded", entry => entry.Unbounded),
        ("idempotency_key", entry => entry.IdempotencyKey),
        ("amount_microcents", entry => Number(entry.AmountMicrocents)),
        ("hard_limit_microcents", entry => Number(entry.HardLimitMicrocents)),
        ("granted_microcents", entry => Number(entry.GrantedMicrocents)),
        ("spent_microcents", entry => Number(entry.SpentMicrocents)),
        ("held_microcents", entry => Number(entry.HeldMicrocents)),
        ("group_id", entry => entry.GroupId),
        ("limit", entry => entry.Limit),
        ("under", entry => entry.Under),
        ("by", entry => entry.By),
        ("reason", entry => entry.Reason),
        ("input_tokens", entry => Number(entry.Tokens?.Input)),
        ("cache_read_tokens", entry => Number(entry.Tokens?.CacheRead)),
        ("cache_write_tokens", entry => Number(entry.Tokens?.CacheWrite)),
        ("output_tokens", entry => Number(entry.Tokens?.Output)),
        ("reasoning_tokens", entry => Number(entry.Tokens?.Reasoning)),
        ("added_microcents", entry => Number(entry.AddedMicrocents)),
        ("dry_run", entry => entry.DryRun ? "true" : null),
    ];

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>A time as the sidecar writes it.</summary>
    public static string OffsetTime(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);
}
