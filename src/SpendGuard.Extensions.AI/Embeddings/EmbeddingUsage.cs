using Microsoft.Extensions.AI;
using SpendGuard.Billing;

namespace SpendGuard.Extensions.AI;

/// <summary>Reads the usage of embeddings.</summary>
internal static class EmbeddingUsage
{
    /// <summary>The usage, or null when no input is told. Where input and total differ, the dearer reading is taken.</summary>
    public static Usage? Read(UsageDetails? details) =>
        (details?.InputTokenCount ?? details?.TotalTokenCount) is >= 0 and var input
            ? new Usage { Input = Math.Max(input, details!.TotalTokenCount ?? 0) }
            : null;
}
