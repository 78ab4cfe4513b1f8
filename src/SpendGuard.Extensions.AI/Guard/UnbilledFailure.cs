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
    /// <param name="reader">Starts to read an answer of the kind that was asked for.</param>
    public static ProviderReport ReportOf(Exception exception, Vendor vendor, Func<AnswerReader> reader) => exception switch
    {
        AggregateException { InnerExceptions.Count: > 0 } many => many.InnerExceptions.Select(inner => ReportOf(inner, vendor, reader)).Aggregate(Worse),
        _ => WithUsage(ByItself(exception, vendor, reader), exception, reader),
    };

    /// <summary>A report with the usage that the body of the failure tells all the same.</summary>
    /// <param name="report">What is known without.</param>
    /// <param name="exception">What came in place of an answer.</param>
    /// <param name="reader">Starts to read an answer of the kind that was asked for.</param>
    public static ProviderReport WithUsage(ProviderReport report, Exception exception, Func<AnswerReader> reader) =>
        (exception is ClientResultException answer ? BodyOf(answer) : VendorSdk.BodyOf(exception)) is { IsEmpty: false } body
            ? Vendor.ReportError(report, body, reader())
            : report;

    private static ProviderReport ByItself(Exception exception, Vendor vendor, Func<AnswerReader> reader) => exception switch
    {
        OperationCanceledException => Unknown(exception),
        ClientResultException { Status: > 0 } answer => vendor.ReportError(answer.Status, BodyOf(answer)),
        HttpRequestException { StatusCode: { } status } => vendor.ReportError((int)status),
        HttpRequestException => UnbilledCall.NeverSent(exception) ? ProviderReport.NotBilled : Unknown(exception),
        _ when VendorSdk.IsOverload(exception) => ProviderReport.OfOverload,
        _ when VendorSdk.StatusOf(exception) is { } status => vendor.ReportError(status),
        { InnerException: { } inner } => ReportOf(inner, vendor, reader),
        _ => Unknown(exception),
    };

    /// <summary>How many attempts a failure is of.</summary>
    public static int Count(Exception exception) => exception is AggregateException { InnerExceptions.Count: > 1 and var count } ? count : 1;

    /// <summary>Of the failures of several attempts, the one whose cost is known the least, with the usage that another tells.</summary>
    private static ProviderReport Worse(ProviderReport left, ProviderReport right)
    {
        var (worse, other) = left is { Unbilled: true } || (left.Overloaded && right is { Unbilled: false }) ? (right, left) : (left, right);
        return worse.Usage is null && other.Usage is not null
            ? other with { Unbilled = worse.Unbilled, Overloaded = worse.Overloaded, Reason = worse.Reason, Incomplete = worse.Reason ?? other.Incomplete }
            : worse;
    }

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
