using Microsoft.Extensions.AI;
using SpendGuard.Extensions.AI;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>What a model would say if it knew that the budget has refused.</summary>
internal static class RefusalAnswer
{
    public static ChatResponse Of(BudgetRefusedException refusal)
    {
        var said = new AdditionalPropertiesDictionary { [RefusalProperties.Refusal] = refusal.Message };
        if (refusal.Account is not null)
        {
            said[SettlementProperties.RemainingMicrocents] = refusal.Left.Microcents;
        }
        else if (refusal.Budget is { IsSet: true } budget)
        {
            said[SettlementProperties.RemainingMicrocents] = budget.Remaining.Microcents;
        }

        return new ChatResponse(new ChatMessage(ChatRole.Assistant, $"Stopped before the work was done. {refusal.Message}")
        {
            AdditionalProperties = said,
        })
        {
            AdditionalProperties = said.Clone(),
            FinishReason = new ChatFinishReason(RefusalProperties.FinishReason),
        };
    }
}
