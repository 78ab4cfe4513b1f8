namespace SpendGuard.SemanticKernel;

/// <summary>
/// The names under which the last message of a tool loop says that the budget has ended it: additional properties of a chat client's
/// answer, metadata of a chat completion service's.
/// </summary>
/// <remarks>What remains stands under <see cref="Extensions.AI.SettlementProperties.RemainingMicrocents"/>.</remarks>
public static class RefusalProperties
{
    /// <summary>Why the budget has refused (<see cref="string"/>).</summary>
    public const string Refusal = "spendguard.refusal";

    /// <summary>The finish reason of the answer.</summary>
    public const string FinishReason = "budget_refused";
}
