using System.ClientModel;
using SpendGuard.Billing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>Tells failures that provably cost nothing from those whose cost is unknown.</summary>
internal static class UnbilledFailure
{
    public static bool Is(Exception exception) => exception switch
    {
        OperationCanceledException => false,
        ClientResultException { Status: > 0 } answer => UnbilledCall.IsRefusal(answer.Status),
        HttpRequestException { StatusCode: { } status } => UnbilledCall.IsRefusal((int)status),
        HttpRequestException => UnbilledCall.NeverSent(exception),
        _ when VendorSdk.StatusOf(exception) is { } status => UnbilledCall.IsRefusal(status),
        AggregateException many => many.InnerExceptions.Count > 0 && many.InnerExceptions.All(Is),
        { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}
