using System.ClientModel;
using System.Text.Json;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>What an exception tells of whether its call was sent, unless what was seen explains it.</summary>
internal static class FailedCall
{
    /// <summary>Whether it came of an answer: it has the status of one, or one broke off or could not be read.</summary>
    public static bool TellsOfAnswer(Exception exception, CallAttempts attempts) =>
        Any(exception, each => each is HttpIOException or JsonException || HasStatus(each, attempts) || each is HttpRequestException { HttpRequestError: var error } && IsOfAnswer(error));

    /// <summary>Whether a client of which nothing is known may have sent something before it.</summary>
    public static bool MayHaveBeenSent(Exception exception, CallAttempts attempts) => Any(exception, each => each switch
    {
        HttpRequestException { StatusCode: not null } => HasStatus(each, attempts),
        OperationCanceledException or HttpRequestException or IOException or TimeoutException or JsonException or ClientResultException => true,
        _ => HasStatus(each, attempts),
    });

    /// <summary>Whether it has the status of an answer that was not seen. One that was seen may be that of a server that gives out credentials.</summary>
    private static bool HasStatus(Exception exception, CallAttempts attempts) => exception switch
    {
        ClientResultException { Status: > 0 and var status } => !attempts.SawStatus(status),
        HttpRequestException { StatusCode: { } status } => !attempts.SawStatus((int)status),
        _ => VendorSdk.IsOverload(exception) || VendorSdk.StatusOf(exception) is not null,
    };

    private static bool IsOfAnswer(HttpRequestError error) => error
        is HttpRequestError.ResponseEnded
        or HttpRequestError.InvalidResponse
        or HttpRequestError.HttpProtocolError
        or HttpRequestError.ConfigurationLimitExceeded
        or HttpRequestError.UserAuthenticationError;

    private static bool Any(Exception exception, Func<Exception, bool> holds) =>
        holds(exception)
        || (exception is AggregateException many ? many.InnerExceptions.Any(inner => Any(inner, holds))
            : exception.InnerException is { } inner && Any(inner, holds));
}
