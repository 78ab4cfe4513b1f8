using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.SignedPrices.Documents;

/// <summary>Why a signed document was refused.</summary>
[Experimental("SPENDGUARD002")]
public enum SignedDocumentFault
{
    /// <summary>It is not JSON, or not an object.</summary>
    NotJson,

    /// <summary>It has two fields of one name in one object.</summary>
    DuplicateKey,

    /// <summary>It has text that is not valid Unicode.</summary>
    BrokenText,

    /// <summary>It is larger than any such document.</summary>
    TooLarge,

    /// <summary>It is not signed.</summary>
    MissingSignature,

    /// <summary>Its signature is not the base64 of 64 bytes.</summary>
    MalformedSignature,

    /// <summary>Its signature is not that of the key, or it was changed after it was signed.</summary>
    WrongSignature,

    /// <summary>It has another schema.</summary>
    Schema,

    /// <summary>It is for another engine, or for other versions of this one.</summary>
    Engine,

    /// <summary>It has no date of its own, or one in the future.</summary>
    Date,

    /// <summary>It has expired, or does not say when it does.</summary>
    Expiry,

    /// <summary>It is older than one that was accepted before.</summary>
    RollBack,

    /// <summary>Its rates cannot be used.</summary>
    Rates,

    /// <summary>What it has in the place of rates cannot be used.</summary>
    Content,
}

/// <summary>A signed document was refused as a whole. Says why, and what to do.</summary>
[Experimental("SPENDGUARD002")]
public sealed class SignedDocumentException : Exception
{
    /// <summary>Refuses a document.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="sentence">Why, and what to do, for people to read.</param>
    /// <param name="innerException">What it comes of.</param>
    public SignedDocumentException(SignedDocumentFault fault, string sentence, Exception? innerException = null)
        : base(sentence, innerException)
    {
        Fault = fault;
    }

    /// <summary>Why.</summary>
    public SignedDocumentFault Fault { get; }
}
