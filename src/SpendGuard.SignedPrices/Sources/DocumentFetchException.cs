using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.SignedPrices.Sources;

/// <summary>A source had no document to give. Says why.</summary>
[Experimental("SPENDGUARD002")]
public sealed class DocumentFetchException : Exception
{
    internal DocumentFetchException(string sentence, Exception? innerException = null)
        : base(sentence, innerException)
    {
    }
}
