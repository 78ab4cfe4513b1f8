namespace SpendGuard.Testing.Provider.Calls;

/// <summary>One answer, ready to be put on the wire: the same content for every choice, and the counts of all of them.</summary>
internal sealed record Generation(SimulatedRequest Request, string Model, ProviderPrice Price)
{
    // Answers must be the same in every run, so the clock has no part in them.
    public const long CreatedAt = 1_790_000_000;

    public string? Thoughts { get; init; }

    public required IReadOnlyList<string> TextPieces { get; init; }
    public required IReadOnlyList<SimulatedToolCall> ToolCalls { get; init; }
    public required bool Truncated { get; init; }

    /// <summary>The truth, which is billed.</summary>
    public required SimulatedUsage Usage { get; init; }

    /// <summary>What the client is told, or null for nothing.</summary>
    public required SimulatedUsage? Reported { get; init; }

    /// <summary>What a count answers in place of the truth.</summary>
    public long? ReportedCount { get; init; }

    public IReadOnlyList<string> Tiers { get; init; } = [];
    public UsageQuirks Quirks { get; init; }
    public UsagePlace UsagePlace { get; init; }
    public long? FixedCharge { get; init; }

    /// <summary>What a usage is charged, in microcents.</summary>
    public long Charge(SimulatedUsage usage) => FixedCharge ?? Price.Charge(usage, Tiers);

    /// <summary>What the answer is charged in a batch, in microcents.</summary>
    public long ChargeInBatch => FixedCharge ?? Price.ChargeInBatch(Usage, Tiers);

    public string Text => string.Concat(TextPieces);

    /// <summary>What a client has to send back with the thoughts, and cannot read.</summary>
    public string Seal => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"thoughts of call {Request.CallId}: {Thoughts}"));

    public string ToolCallId(int index) => $"call_{Request.CallId}_{index}";
}
