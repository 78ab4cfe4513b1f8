using System.ClientModel;
using SpendGuard.Billing;

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
        ClientResultException { Status: > 0 } answer => UnbilledCall.IsRefusal(answer.Status),
        HttpRequestException { StatusCode: { } status } => UnbilledCall.IsRefusal((int)status),
        HttpRequestException => UnbilledCall.NeverSent(exception),
        _ when AnthropicRefusals.Contains(exception.GetType().FullName ?? "") => true,
        AggregateException many => many.InnerExceptions.All(Is),
        { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}
