namespace SpendGuard.Budgets;

/// <summary>An isolated budget domain.</summary>
public sealed record Agent
{
    /// <summary>The id; opaque.</summary>
    public required AgentId Id { get; init; }

    /// <summary>A name for people; need not be unique.</summary>
    public string? Name { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was deleted; null while it was not. Its ledger stays, and its id is not given out again.</summary>
    public DateTimeOffset? DeletedAt { get; init; }
}
