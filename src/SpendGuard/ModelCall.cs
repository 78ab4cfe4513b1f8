using System.Diagnostics.CodeAnalysis;
using SpendGuard.Bounds;
using SpendGuard.Pricing;

namespace SpendGuard;

/// <summary>A call to a model, before it is made.</summary>
[Experimental(ApiTier.Adapters)]
public sealed record ModelCall
{
    /// <summary>The agent that makes it.</summary>
    public required AgentId Agent { get; init; }

    /// <summary>The run that it belongs to.</summary>
    public RunId? Run { get; init; }

    /// <summary>
    /// What the run may cost in all, by whatever process, given by its first call; null where this one says nothing of it. It needs the
    /// <see cref="Run"/>, and every later call of the run that says it has to say the same.
    /// </summary>
    public Money? RunLimit { get; init; }

    /// <summary>The run with a cap that it counts for besides; the one around the place where it is described, <see cref="SpendGuardRun.Current"/>, unless set.</summary>
    public SpendGuardRun? CappedRun { get; init; } = SpendGuardRun.Current;

    /// <summary>The function of the caller's that makes it, such as <c>plugin-function</c>.</summary>
    public string? Function { get; init; }

    /// <summary>The model that is called.</summary>
    public required ModelKey Model { get; init; }

    /// <summary>
    /// Whether the application has set the model to price the call by. Its price holds then under whatever name of that model the provider
    /// says that it served; if it names another model, the dearer of the two is charged.
    /// </summary>
    public bool ModelIsSet { get; init; }

    /// <summary>What tells it from others of its run, to count identical ones; null where they are not counted.</summary>
    public CallFingerprint? Fingerprint { get; init; }

    /// <summary>What is known of it that moves its cost.</summary>
    public required CallShape Shape { get; init; }

    /// <summary>The output, in tokens, below which it is of no use to its caller; what the options say when null.</summary>
    public long? LeastUsefulOutputTokens { get; init; }

    /// <summary>How long it waits at most while its budget is locked; as long as the engine lets calls wait when null, and never longer.</summary>
    public TimeSpan? LockedWait { get; init; }

    /// <summary>How long it waits at most for the answer to a request for approval; as long as the engine lets calls wait when null.</summary>
    public TimeSpan? ApprovalWait { get; init; }

    /// <summary>
    /// Whether it is asked for by a loose bound, and when it does not fit will be asked for again, by a closer one or for good: that refusal trips
    /// no breaker, raises no alert, and leaves no request for approval.
    /// </summary>
    public bool IsTentative { get; init; }

    /// <summary>Whether it is a dry run, which is released at once and sends nothing: it counts for no report.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>The id of its reservation; a new one when none is given.</summary>
    public ReservationId? ReservationId { get; init; }
}
