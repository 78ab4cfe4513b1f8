using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Sidecar.Refusals;

/// <summary>How a budget is topped up that does not carry a call, as its refusal says. A host whose control routes nobody reaches registers its own.</summary>
/// <param name="sentence">The sentence; <c>{agent}</c> in it is the agent.</param>
[Experimental("SPENDGUARD002")]
public sealed class TopUpWay(string sentence)
{
    /// <summary>By the command.</summary>
    internal static TopUpWay Command { get; } = new("Who may set budgets tops it up by spendguard budget set --agent '{agent}' --limit <cents> --topup <cents>.");

    /// <summary>The sentence for one agent.</summary>
    internal string Of(AgentId agent) => sentence.Replace("{agent}", agent.Value, StringComparison.Ordinal);
}
