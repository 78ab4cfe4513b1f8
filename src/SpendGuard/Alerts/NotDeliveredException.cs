namespace SpendGuard.Alerts;

/// <summary>A receiver did not take an alert, and what it said of that.</summary>
/// <param name="message">What it did, without what its address may have in it that is secret.</param>
internal sealed class NotDeliveredException(string message) : Exception(message)
{
    /// <summary>How long it asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether it is gone for good, and wants nothing more.</summary>
    public bool IsGone { get; init; }
}
