using SpendGuard.SignedPrices;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.Cli.Documents;

/// <summary>A kind of signed document that organisations publish, such as prices.</summary>
internal abstract class DocumentKind
{
    /// <summary>What <c>sign</c> does, for its help.</summary>
    public abstract string Sign { get; }

    /// <summary>What <c>sign</c> is given, for its help.</summary>
    public abstract string ToSign { get; }

    /// <summary>What <c>verify</c> does, for its help.</summary>
    public abstract string Verify { get; }

    /// <summary>What <c>verify</c> is given, for its help.</summary>
    public abstract string ToVerify { get; }

    /// <summary>What a sidecar asks of such a document, and calls it in its sentences.</summary>
    /// <param name="options">What it asks of any.</param>
    public abstract SignedPriceOptions Asked(SignedPriceOptions options);

    /// <summary>Judges a document as a sidecar would.</summary>
    /// <param name="document">The document in UTF-8.</param>
    /// <param name="source">Where it is from, for people to read.</param>
    /// <param name="options">What is asked of it.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="SignedDocumentException">A sidecar would refuse it.</exception>
    public abstract JudgedDocument Judge(ReadOnlyMemory<byte> document, string source, SignedPriceOptions options, TimeProvider time);
}
