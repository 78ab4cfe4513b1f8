using SpendGuard.Bounds;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI;

/// <summary>A call that is about to be held for: a private copy of what was asked for, and what the copy is priced by.</summary>
/// <param name="Request">What is sent. Nobody but the guard has it: the caller may change what it holds while the call waits for its budget.</param>
/// <param name="Model">The model that is called.</param>
/// <param name="Shape">What is known of it that moves its cost.</param>
internal sealed record PrivateCall<TRequest>(TRequest Request, ModelKey Model, CallShape Shape)
{
    /// <summary>The agent that its options carry; null where they carry none.</summary>
    public AgentId? Agent { get; init; }

    /// <summary>What tells the call from others of its run, asked for where it has one; null where calls of its kind are not told apart.</summary>
    public Func<CallFingerprint?>? Fingerprint { get; init; }

    /// <summary>What the copy shares with the caller, because it cannot be copied.</summary>
    public SharedRaws Shared { get; init; } = new();
}
