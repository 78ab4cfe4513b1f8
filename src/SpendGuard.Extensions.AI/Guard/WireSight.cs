using System.ClientModel;
using System.Text.Json;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>Whether what one client sends can be seen, and with it, whether nothing seen means that nothing was sent.</summary>
/// <param name="usesHttp">Whether the client is of a kind that is known to send by .NET's HTTP handler unless it is told otherwise.</param>
internal sealed class WireSight(bool usesHttp)
{
    private volatile bool _seen;
    private volatile bool _unseen;

    /// <summary>Learns from a call that was answered.</summary>
    public void Answered(CallAttempts attempts)
    {
        _seen |= attempts.Count > 0;
        _unseen |= attempts.Count == 0;
    }

    /// <summary>Whether a call that failed has provably not reached the provider.</summary>
    public bool ProvesNothingSent(CallAttempts attempts, Exception exception)
    {
        if (attempts.Count > 0)
        {
            _seen = true;
            return attempts.NeverSent;
        }

        // Of a client that was never seen to send, a failure of the network may be that of something which cannot be seen.
        return !_unseen && (_seen || (usesHttp && (attempts.SawOthers || !MayHaveBeenSent(exception))));
    }

    private static bool MayHaveBeenSent(Exception exception) => exception switch
    {
        OperationCanceledException or HttpRequestException or IOException or TimeoutException or JsonException or ClientResultException => true,
        _ when VendorSdk.StatusOf(exception) is not null => true,
        AggregateException many => many.InnerExceptions.Any(MayHaveBeenSent),
        { InnerException: { } inner } => MayHaveBeenSent(inner),
        _ => false,
    };
}
