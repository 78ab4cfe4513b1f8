namespace SpendGuard.Calls.Wire;

/// <summary>
/// A further attempt that was not sent because nothing could be held for it, while others of its call are under way. As a failure of the
/// network it counts for no more than one lost attempt, so that whoever sent it waits for the others.
/// </summary>
internal sealed class AttemptRefusedException(SpendGuardException refusal)
    : HttpRequestException($"The attempt was not sent: {refusal.Message}", refusal);
