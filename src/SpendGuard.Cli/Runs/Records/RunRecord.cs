using System.Text.Json.Serialization;

namespace SpendGuard.Cli.Runs.Records;

/// <summary>What is known of a run beside what the ledger has: what ran, when, and how it ended. Of the command line only the program.</summary>
internal sealed record RunRecord
{
    /// <summary>Its id, which its calls have in the ledger.</summary>
    public required string Run { get; init; }

    public required string Agent { get; init; }

    public required string Program { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it has not, or was killed.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>What the agent could spend when it started.</summary>
    public required long BudgetMicrocents { get; init; }

    /// <summary>How many calls were refused for want of budget; null while it has not ended.</summary>
    public int? Refused { get; init; }

    /// <summary>How many calls were refused because others held what they needed for too long; null while it has not ended, or where that is not known.</summary>
    public int? Locked { get; init; }

    /// <summary>The SQLite file that its calls are booked in; null where they are a sidecar's elsewhere.</summary>
    public string? Ledger { get; init; }

    /// <summary>The last entry of the ledger before it.</summary>
    public long LedgerBefore { get; init; }

    /// <summary>The sidecar that runs elsewhere; null for one of its own.</summary>
    public string? Sidecar { get; init; }

    /// <summary>Of a sidecar elsewhere, what it had booked at the end, by model.</summary>
    public IReadOnlyList<RecordedCost>? Costs { get; init; }
}

internal sealed record RecordedCost(string Model, int Calls, long ChargedMicrocents);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(RunRecord))]
internal sealed partial class RecordJson : JsonSerializerContext;
