using System.ClientModel;
using SpendGuard.Billing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>What a failure says of a call's cost: some provably cost nothing, of others nobody knows.</summary>
internal static class UnbilledFailure
{
    /// <summary>What is known of the cost of a call that failed.</summary>
    /// <param name="exception">What came in place of an answer.</param>
    /// <param name="vendor">Who serves the call.</param>
    public static ProviderReport ReportOf(Exception exception, Vendor vendor) => exception switch
    {
        OperationCanceledException => Unknown(exception),
        ClientResultException { Status: > 0 } answer => vendor.ReportError(answer.Status, BodyOf(answer)),
        HttpRequestException { StatusCode: { } status } => vendor.ReportError((int)status),
        HttpRequestException => UnbilledCall.NeverSent(exception) ? ProviderReport.NotBilled : Unknown(exception),
        _ when VendorSdk.IsOverload(exception) => ProviderReport.OfOverload,
        _ when VendorSdk.StatusOf(exception) is { } status => vendor.ReportError(status),
        AggregateException { InnerExceptions.Count: > 0 } many => many.InnerExceptions.Select(inner => ReportOf(inner, vendor)).Aggregate(Worse),
        { InnerException: { } inner } => ReportOf(inner, vendor),
        _ => Unknown(exception),
    };

    /// <summary>How many attempts a failure is of.</summary>
    public static int Count(Exception exception) => exception is AggregateException { InnerExceptions.Count: > 1 and var count } ? count : 1;

    /// <summary>Of the failures of several attempts, the one whose cost is known the least.</summary>
    private static ProviderReport Worse(ProviderReport left, ProviderReport right) =>
        left is { Unbilled: true } || (left.Overloaded && right is { Unbilled: false }) ? right : left;

    private static ProviderReport Unknown(Exception exception) => ProviderReport.Unknown($"the call failed with {exception.GetType().Name}");

    private static ReadOnlyMemory<byte> BodyOf(ClientResultException answer)
    {
        try
        {
            return answer.GetRawResponse()?.Content.ToMemory() ?? default;
        }
        catch (InvalidOperationException)
        {
            // It was never read to its end.
            return default;
        }
    }
}
