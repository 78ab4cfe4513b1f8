namespace SpendGuard;

/// <summary>What a limit does when a call does not fit it any more.</summary>
public enum LimitAction
{
    /// <summary>The call is refused.</summary>
    Refuse,

    /// <summary>The call is refused, and the node paused until somebody resumes it: a breaker.</summary>
    Pause,

    /// <summary>The call is refused, and leaves a request for approval.</summary>
    Ask,
}
