using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Sidecar.Calls;

/// <summary>Asks whoever may raise a budget, when a call does not fit it. A host registers one, or none.</summary>
[Experimental("SPENDGUARD002")]
public interface IApproval
{
    /// <summary>Asks; the call waits for the answer. May be called for many calls at once.</summary>
    /// <param name="agent">Whose budget it is.</param>
    /// <param name="refusal">Why the call is refused, with its figures.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <returns>Whether the budget was raised, so that it is worth while to try again; false refuses the call.</returns>
    ValueTask<bool> AskAsync(AgentId agent, InsufficientBudgetException refusal, CancellationToken cancellationToken);
}
