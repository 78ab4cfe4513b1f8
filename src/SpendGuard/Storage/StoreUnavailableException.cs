namespace SpendGuard;

/// <summary>The store could not commit or be read. A call that was being reserved was refused: the provider has seen nothing of it.</summary>
public sealed class StoreUnavailableException : SpendGuardException
{
    /// <summary>Reports a store that does not work.</summary>
    /// <param name="message">What happened and what to do next.</param>
    /// <param name="innerException">What the store reported.</param>
    public StoreUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
