namespace SpendGuard.Calls.Cuts;

/// <summary>Hands a reserved call over to its caller, unless nobody wants it any more.</summary>
internal static class HandOver
{
    /// <summary>Releases a call that its caller has given up, or that was cut, while it was being reserved: nothing of it was sent.</summary>
    /// <exception cref="OperationCanceledException">The caller has given it up.</exception>
    /// <exception cref="NodePausedException">It was cut.</exception>
    public static async ValueTask<T> OfAsync<T>(T reserved, CancellationToken cancellationToken)
        where T : IOpenCall
    {
        if (cancellationToken.IsCancellationRequested)
        {
            await reserved.ReleaseAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (reserved.Cut?.PausedBy is { } paused)
        {
            await reserved.ReleaseAsync().ConfigureAwait(false);
            throw new NodePausedException(reserved.Reservation.Agent, paused, reserved.Reservation.Floor);
        }

        return reserved;
    }
}
