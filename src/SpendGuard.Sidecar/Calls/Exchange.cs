using SpendGuard.Billing;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Telemetry;

namespace SpendGuard.Sidecar.Calls;

/// <summary>One reserved call on its way.</summary>
/// <param name="Route">Where it goes.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Call">What the dialect has read from it.</param>
/// <param name="Reserved">The hold.</param>
internal sealed record Exchange(ProviderRoute Route, DialectRequest Request, DialectCall Call, ReservedCall Reserved)
{
    /// <summary>Where the prompt and the answer are kept for the span; null for nowhere.</summary>
    public CallCapture? Capture { get; init; }

    /// <summary>Ends the call by what came back.</summary>
    public ValueTask<Settlement> EndAsync(ProviderReport report)
    {
        Capture?.Write();
        return Reserved.EndAsync(report);
    }
}
