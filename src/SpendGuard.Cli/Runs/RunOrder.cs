namespace SpendGuard.Cli.Runs;

/// <summary>What <c>spendguard run</c> was asked for.</summary>
internal sealed record RunOrder
{
    /// <summary>The program and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>What the agent may spend; null for what it has already.</summary>
    public Money? Budget { get; init; }

    /// <summary>The agent; null for one of this run's own.</summary>
    public AgentId? Agent { get; init; }

    /// <summary>Whether the budget is granted anew at the first run of each day.</summary>
    public bool PerDay { get; init; }

    /// <summary>Whether a person is asked to raise the budget when it runs out.</summary>
    public bool Ask { get; init; }

    /// <summary>A sidecar that runs already; null for one inside of this process.</summary>
    public Uri? Sidecar { get; init; }

    /// <summary>The key of that sidecar's control routes.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Whether the summary is JSON.</summary>
    public bool Json { get; init; }
}
