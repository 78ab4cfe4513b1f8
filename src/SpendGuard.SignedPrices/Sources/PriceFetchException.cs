using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.SignedPrices.Sources;

/// <summary>A source had no price document to give. Says why.</summary>
[Experimental("SPENDGUARD002")]
public sealed class PriceFetchException : Exception
{
    internal PriceFetchException(string sentence, Exception? innerException = null)
        : base(sentence, innerException)
    {
    }
}
