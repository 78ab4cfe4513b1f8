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

    /// <summary>Ends the call by what the provider says of it.</summary>
    public ValueTask<Settlement> EndAsync(ServedCall served)
    {
        Capture?.Write();
        return EndByUsageAsync(served);
    }

    private ValueTask<Settlement> EndByUsageAsync(ServedCall served) => served.Usage is null
        ? Reserved.ForfeitAsync("the provider's answer has no usage")
        : Reserved.SettleAsync(
            served.Usage,
            string.IsNullOrWhiteSpace(served.Model) ? null : new ModelKey(Call.Model.Provider, served.Model),
            served.Tier,
            StatesItsBill ? served.StatedCost : null);

    /// <summary>Only xAI documents that what it states is what it bills; other names of a cost in an answer are not read.</summary>
    private bool StatesItsBill => Call.Model.Provider is "grok";

    /// <summary>Ends the call by an answer that is an error: what providers answer before a model runs is not billed.</summary>
    public ValueTask<Settlement> EndRefusedAsync(int status) => status is >= 400 and < 500 and not StatusCodes.Status408RequestTimeout
        ? Reserved.ReleaseAsync()
        : Reserved.ForfeitAsync($"the provider answered {status}");
}
