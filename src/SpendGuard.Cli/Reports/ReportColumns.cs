using System.Globalization;

namespace SpendGuard.Cli.Reports;

/// <summary>What of a row of a report is told to programs, under the names that the sidecar gives it.</summary>
internal static class ReportColumns
{
    /// <summary>What a row is of.</summary>
    public static IReadOnlyList<(string Name, Func<ReportRowView, string?> Value)> Keys { get; } =
    [
        ("day", row => row.Day),
        ("group_id", row => row.GroupId),
        ("agent_id", row => row.AgentId),
        ("name", row => row.Name),
        ("run_id", row => row.RunId),
        ("model", row => row.Model),
        ("function", row => row.Function),
    ];

    /// <summary>Its sums.</summary>
    public static IReadOnlyList<(string Name, Func<ReportRowView, string?> Value)> Sums { get; } =
    [
        ("calls", row => Number(row.Calls)),
        ("input_tokens", row => Number(row.Tokens?.Input)),
        ("cache_read_tokens", row => Number(row.Tokens?.CacheRead)),
        ("cache_write_tokens", row => Number(row.Tokens?.CacheWrite)),
        ("output_tokens", row => Number(row.Tokens?.Output)),
        ("reasoning_tokens", row => Number(row.Tokens?.Reasoning)),
        ("cost_microcents", row => Number(row.CostMicrocents)),
        ("held_microcents", row => Number(row.HeldMicrocents)),
        ("given_back_microcents", row => Number(row.GivenBackMicrocents)),
        ("forfeited_microcents", row => Number(row.ForfeitedMicrocents)),
        ("refused", row => Number(row.Refused)),
    ];

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);
}
