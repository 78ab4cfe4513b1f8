using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.SignedPrices.Documents;

/// <summary>A kind of content that signed documents have: how it is read.</summary>
/// <typeparam name="TContent">The content.</typeparam>
[Experimental("SPENDGUARD002")]
public interface ISignedContent<TContent>
    where TContent : class
{
    /// <summary>Documents that were generated before are refused, as what is there without any is newer; null for no such date.</summary>
    DateTimeOffset? NotBefore => null;

    /// <summary>Reads what a document says.</summary>
    /// <param name="document">The document, in UTF-8: the bytes that were signed.</param>
    /// <param name="source">Where it is from, for people to read.</param>
    /// <exception cref="SignedDocumentException">It cannot be used.</exception>
    SignedContent<TContent> Read(ReadOnlyMemory<byte> document, string source);

    /// <summary>What a start ends with that has no document to begin with.</summary>
    /// <param name="sentence">What happened, and what to do.</param>
    /// <param name="source">Where the document should have come from.</param>
    /// <param name="why">What it comes of.</param>
    Exception Unavailable(string sentence, string source, Exception why);
}

/// <summary>What a signed document says, with its dates.</summary>
/// <typeparam name="TContent">The content.</typeparam>
/// <param name="Value">The content.</param>
/// <param name="GeneratedAt">When the document was made.</param>
/// <param name="ExpiresAt">When it must no longer be used; null when it does not say.</param>
[Experimental("SPENDGUARD002")]
public sealed record SignedContent<TContent>(TContent Value, DateTimeOffset GeneratedAt, DateTimeOffset? ExpiresAt)
    where TContent : class;
