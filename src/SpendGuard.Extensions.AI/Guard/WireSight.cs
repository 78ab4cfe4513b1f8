namespace SpendGuard.Extensions.AI;

/// <summary>Whether what one client sends can be seen, and with it, whether nothing seen means that nothing was sent.</summary>
/// <remarks>
/// Nothing seen proves nothing while there is a sign that requests go where they are not seen: an answer came to one that was not seen, this
/// process sent something to the same server for nobody's account, or what failed tells of an answer.
/// </remarks>
/// <param name="usesHttp">Whether the client is of a kind that is known to send by .NET's HTTP handler unless it is told otherwise.</param>
internal sealed class WireSight(bool usesHttp)
{
    private volatile bool _seen;
    private volatile bool _blind;

    /// <summary>Learns from a call that was answered.</summary>
    public void Answered(CallAttempts attempts)
    {
        Learn(attempts);
        _blind |= attempts.Count == 0;
    }

    /// <summary>Whether all that a call has sent was seen, as far as anything tells.</summary>
    public bool SeesAll(CallAttempts attempts) => !_blind && !attempts.AnsweredUnseen && !attempts.SawStray;

    /// <summary>Whether a call that failed has provably not reached the provider.</summary>
    public bool ProvesNothingSent(CallAttempts attempts, Exception exception)
    {
        Learn(attempts);
        return SeesAll(attempts) && attempts switch
        {
            { Count: > 0 } => attempts.NeverSent,

            // A client that was never seen may fail by what cannot be seen, unless it was seen to call for a credential.
            { Unseen: 0 } => (_seen || usesHttp)
                && (attempts.SawOthers || !(_seen ? FailedCall.TellsOfAnswer(exception, attempts) : FailedCall.MayHaveBeenSent(exception, attempts))),

            // What a handler threw by itself, such as a breaker, is no failure of the network.
            _ => _seen && !FailedCall.MayHaveBeenSent(exception, attempts),
        };
    }

    private void Learn(CallAttempts attempts)
    {
        _seen |= attempts.Count > 0;
        _blind |= attempts.AnsweredUnseen;
    }
}
