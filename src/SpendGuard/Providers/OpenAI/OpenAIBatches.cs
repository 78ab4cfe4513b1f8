using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Providers.OpenAI;

/// <summary>What OpenAI says of its batches.</summary>
[Experimental(ApiTier.Adapters)]
public static class OpenAIBatches
{
    /// <summary>The most requests of one batch.</summary>
    public const int MostRequests = 50_000;

    /// <summary>The time that a batch is given, as a request names it: the only one there is.</summary>
    public const string Window = "24h";

    /// <summary>What has not been made within <see cref="Window"/> is not made any more; an hour is for the clocks.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(25);
}
