using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;

namespace SpendGuard;

/// <summary>A call to a tool that has a fixed price, before it is made.</summary>
[Experimental(ApiTier.Adapters)]
public sealed record ToolCall
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

    /// <summary>The tool, such as <c>plugin-function</c>. The ledger has it as the function, and as <c>tool:plugin-function</c> in the model's place.</summary>
    public required string Tool { get; init; }

    /// <summary>What a call costs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The price is negative.</exception>
    public required Money Price
    {
        get;
        init => field = value >= Money.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A price is not negative.");
    }

    /// <summary>The id of its reservation; a new one when none is given.</summary>
    public ReservationId? ReservationId { get; init; }

    internal Reserve ToReserve(ReservationId id, DateTimeOffset now, TimeSpan lifetime) =>
        new(id, Agent, Run, $"tool:{Tool}", Price, Price, now + lifetime, now) { Function = Tool, RunLimit = RunLimit };
}
