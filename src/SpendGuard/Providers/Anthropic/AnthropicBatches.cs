using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Providers.Anthropic;

/// <summary>What Anthropic says of its batches.</summary>
[Experimental(ApiTier.Adapters)]
public static class AnthropicBatches
{
    /// <summary>The most requests of one batch.</summary>
    public const int MostRequests = 100_000;

    /// <summary>A batch has ended after 24 hours, and what was not made by then is not made any more; an hour is for the clocks.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(25);
}
