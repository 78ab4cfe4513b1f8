using System.ClientModel;
using System.Net;

namespace SpendGuard.Extensions.AI;

/// <summary>Tells failures that provably cost nothing from those whose cost is unknown.</summary>
internal static class UnbilledFailure
{
    /// <summary>The Anthropic SDK has a type for each of these answers, and no status that could be read without the SDK.</summary>
    private static readonly HashSet<string> AnthropicRefusals = new(StringComparer.Ordinal)
    {
        "Anthropic.Exceptions.AnthropicBadRequestException",
        "Anthropic.Exceptions.AnthropicUnauthorizedException",
        "Anthropic.Exceptions.AnthropicForbiddenException",
        "Anthropic.Exceptions.AnthropicNotFoundException",
        "Anthropic.Exceptions.AnthropicUnprocessableEntityException",
        "Anthropic.Exceptions.AnthropicRateLimitException",
    };

    public static bool Is(Exception exception) => exception switch
    {
        OperationCanceledException => false,
        ClientResultException { Status: > 0 } answer => IsRefusal(answer.Status),
        HttpRequestException { StatusCode: { } status } => IsRefusal((int)status),
        HttpRequestException { HttpRequestError: var error } => NeverConnected(error),
        _ when AnthropicRefusals.Contains(exception.GetType().FullName ?? "") => true,
        AggregateException many => many.InnerExceptions.All(Is),
        { InnerException: { } inner } => Is(inner),
        _ => false,
    };

    /// <summary>What providers answer before a model runs. A time-out (408) or anything of 5xx may have run, and may be billed.</summary>
    private static bool IsRefusal(int status) => status is >= 400 and < 500 and not (int)HttpStatusCode.RequestTimeout;

    private static bool NeverConnected(HttpRequestError error) => error is
        HttpRequestError.NameResolutionError or
        HttpRequestError.ConnectionError or
        HttpRequestError.SecureConnectionError or
        HttpRequestError.ProxyTunnelError;
}
