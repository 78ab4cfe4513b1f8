using System.Text.Json.Serialization;
using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Sidecar.Control.Approvals;

/// <summary>A request for approval: whole cents, exact microcents beside.</summary>
internal sealed record ApprovalBody
{
    [JsonPropertyName("approval_id")]
    public required string ApprovalId { get; init; }

    /// <summary>
    /// <c>pending</c>, <c>approved</c>, <c>denied</c>; <c>over</c>, when nobody has answered it and nobody can any more; or <c>ended</c>, when it was
    /// approved, and what was added is there no more.
    /// </summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>Whose call was refused.</summary>
    [JsonPropertyName("agent_id")]
    public required string AgentId { get; init; }

    /// <summary>The agent or the group whose limit is full.</summary>
    [JsonPropertyName("node")]
    public required string Node { get; init; }

    /// <summary>The name of its window; <c>total</c> for an agent's budget.</summary>
    [JsonPropertyName("limit")]
    public required string Limit { get; init; }

    /// <summary>What was missing for the call.</summary>
    [JsonPropertyName("need_cents")]
    public required long NeedCents { get; init; }

    [JsonPropertyName("need_microcents")]
    public required long NeedMicrocents { get; init; }

    [JsonPropertyName("run_id")]
    public required string? RunId { get; init; }

    [JsonPropertyName("model")]
    public required string? Model { get; init; }

    [JsonPropertyName("asked_at")]
    public required string AskedAt { get; init; }

    [JsonPropertyName("decided_at")]
    public required string? DecidedAt { get; init; }

    [JsonPropertyName("by")]
    public required string? By { get; init; }

    [JsonPropertyName("reason")]
    public required string? Reason { get; init; }

    /// <summary>What was added to the limit; 0 unless it was approved.</summary>
    [JsonPropertyName("added_microcents")]
    public required long AddedMicrocents { get; init; }

    /// <summary>When that is taken back; null where that is when the limit is set anew, and unless it was approved.</summary>
    [JsonPropertyName("until")]
    public required string? Until { get; init; }

    /// <summary>A link for people that approves it once; null where links are not set up, and once it was answered.</summary>
    [JsonPropertyName("approve_url")]
    public required string? ApproveUrl { get; init; }

    public static ApprovalBody Of(Approval approval, ApprovalLinks links) => new()
    {
        ApprovalId = approval.Id.Value,
        State = StoredNames.ToText(approval.State),
        AgentId = approval.Agent.Value,
        Node = approval.Node.Value,
        Limit = approval.Limit,
        NeedCents = approval.Need.CentsRoundedUp,
        NeedMicrocents = approval.Need.Microcents,
        RunId = approval.Run?.Value,
        Model = approval.Model,
        AskedAt = AgentBody.Time(approval.AskedAt),
        DecidedAt = approval.DecidedAt is { } decided ? AgentBody.Time(decided) : null,
        By = approval.By,
        Reason = approval.Reason,
        AddedMicrocents = approval.Added.Microcents,
        Until = approval.Until is { } until ? AgentBody.Time(until) : null,
        ApproveUrl = links.Find(approval),
    };
}

/// <summary>A page of the requests for approval, newest first.</summary>
/// <param name="Approvals">The requests.</param>
/// <param name="NextAfter">What to ask for as <c>after</c> to read on; null where there is nothing to read on after.</param>
/// <param name="HasMore">Whether there are more.</param>
internal sealed record ApprovalList(
    [property: JsonPropertyName("approvals")] IReadOnlyList<ApprovalBody> Approvals,
    [property: JsonPropertyName("next_after")] string? NextAfter,
    [property: JsonPropertyName("has_more")] bool HasMore);

/// <summary>How much is added to a limit, and for how long.</summary>
internal sealed record ApproveRequest
{
    [JsonPropertyName("add_cents")]
    public long? AddCents { get; init; }

    /// <summary>The same exactly, in its place.</summary>
    [JsonPropertyName("add_microcents")]
    public long? AddMicrocents { get; init; }

    /// <summary>As long as the limit's window when null; of one without an end, until it is set anew.</summary>
    [JsonPropertyName("for_seconds")]
    public long? ForSeconds { get; init; }

    /// <summary>The same in its place, such as <c>90m</c>, <c>8h</c> or <c>2d</c>.</summary>
    [JsonPropertyName("for")]
    public string? For { get; init; }

    /// <summary>Why, for the ledger.</summary>
    [JsonPropertyName("reason")]
    public string? Reason { get; init; }
}

/// <summary>Why a request is denied.</summary>
internal sealed record DenyRequest
{
    /// <summary>For the ledger, and for who is refused.</summary>
    [JsonPropertyName("reason")]
    public string? Reason { get; init; }
}
