namespace SpendGuard;

/// <summary>A call was refused, or could not be accounted for. Nothing was sent to the provider unless the derived type says so.</summary>
public abstract class SpendGuardException : Exception
{
    /// <summary>Makes the exception.</summary>
    private protected SpendGuardException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
