using System.Diagnostics;
using SpendGuard.Billing;

namespace SpendGuard.Telemetry;

/// <summary>Writes what is known of a call on its span, which lasts from the hold to its end. Does nothing where nobody listens.</summary>
internal static class CallSpan
{
    private const string Reservation = "spendguard.reservation.id";
    private const string Run = "spendguard.run.id";
    private const string Held = "spendguard.held_microcents";
    private const string Cost = "spendguard.cost_microcents";
    private const string Remaining = "spendguard.remaining_microcents";

    public static Activity? Start(ActivitySource source, ModelCall call)
    {
        if (!source.HasListeners())
        {
            return null;
        }

        var operation = GenAINames.OperationOf(call);
        var span = source.StartActivity($"{operation} {call.Model.Model}", ActivityKind.Client);
        span?.SetTag(GenAINames.Operation, operation)
            .SetTag(GenAINames.Provider, GenAINames.ProviderOf(call.Model))
            .SetTag(GenAINames.RequestModel, call.Model.Model)
            .SetTag(GenAINames.Agent, call.Agent.ToString());
        if (call.Run is { } run)
        {
            span?.SetTag(Run, run.ToString());
        }

        if (call.Shape.Choices > 1)
        {
            span?.SetTag(GenAINames.Choices, call.Shape.Choices);
        }

        return span;
    }

    public static void Reserved(Activity? span, ReservedCall reserved) => span?
        .SetTag(Reservation, reserved.Reservation.Id.Value)
        .SetTag(Held, reserved.Reservation.Held.Microcents)
        .SetTag(GenAINames.MaxTokens, reserved.OutputCap);

    public static void Billed(Activity? span, Bill bill) => span?
        .SetTag(GenAINames.ResponseModel, bill.Card.Model.Model)
        .SetTag(GenAINames.InputTokens, GenAINames.InputOf(bill.Usage))
        .SetTag(GenAINames.OutputTokens, GenAINames.OutputOf(bill.Usage))
        .SetTag(GenAINames.CacheReadTokens, bill.Usage.CachedInput)
        .SetTag(GenAINames.CacheWriteTokens, bill.Usage.CacheWrite + bill.Usage.LongCacheWrite);

    public static void Ended(Activity? span, Settlement settlement)
    {
        span?.SetTag(Outcome.Attribute, Outcome.Of(settlement.End))
            .SetTag(Cost, settlement.Charged.Microcents)
            .SetTag(Remaining, settlement.Left?.Microcents)
            .Stop();
    }

    /// <summary>Ends a span that is not to be exported.</summary>
    public static void Drop(Activity? span)
    {
        if (span is not null)
        {
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            span.Stop();
        }
    }

    /// <summary>The call was not reserved, or its end was not committed.</summary>
    public static void Failed(Activity? span, string outcome, string reason)
    {
        span?.SetTag(Outcome.Attribute, outcome)
            .SetTag(GenAINames.ErrorType, reason)
            .SetStatus(ActivityStatusCode.Error)
            .Stop();
    }
}
