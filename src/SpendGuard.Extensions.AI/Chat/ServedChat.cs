using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>Reads what the provider says of a chat call after it.</summary>
internal static class ServedChat
{
    public static ServedCall Read(UsageDetails? usage, string? modelId, object? raw, ModelCall call)
    {
        var answer = OpenAIAnswer.TryRead(raw, call.Model);
        return new ServedCall(answer?.Usage ?? ChatUsage.Read(usage, call), ServedCall.ModelOf(modelId, call), answer?.Tier, answer?.StatedCost);
    }
}
