using NSec.Cryptography;
using SpendGuard.Pricing;

namespace SpendGuard.SignedPrices.Documents;

/// <summary>Decides whether a price document may be used: it is genuine, for this engine, current, and its rates can be read.</summary>
/// <remarks>The signature comes first: what is not genuine is not interpreted.</remarks>
internal sealed class PriceDocumentVerifier(SignedPriceOptions options, TimeProvider time)
{
    private readonly PublicKey _publicKey = PriceKey.Read(options.PublicKey);
    private readonly Version _engineVersion = DottedVersion.Read(options.EngineVersion);

    /// <summary>Checks the signature, unless that is turned off.</summary>
    /// <exception cref="PriceDocumentException">The document is not genuine.</exception>
    public void Authenticate(PriceDocument document)
    {
        if (!options.VerifySignature)
        {
            return;
        }

        if (string.IsNullOrEmpty(document.Signature))
        {
            throw new PriceDocumentException(
                PriceDocumentFault.MissingSignature,
                $"The price document has no signature. Sign it with the private key that belongs to {options.Names.PublicKey}.");
        }

        var signature = new byte[SignatureAlgorithm.Ed25519.SignatureSize];
        if (!Convert.TryFromBase64String(document.Signature, signature, out var length) || length != signature.Length)
        {
            throw new PriceDocumentException(
                PriceDocumentFault.MalformedSignature,
                $"The signature of the price document is not the base64 of {signature.Length} bytes. Sign the document again with Ed25519.");
        }

        if (!SignatureAlgorithm.Ed25519.Verify(_publicKey, document.Canonical.Span, signature))
        {
            throw new PriceDocumentException(
                PriceDocumentFault.WrongSignature,
                "The signature of the price document is wrong: it was signed with another key or changed after it was signed. "
                + $"Check {options.Names.PublicKey} and the source of the document.");
        }
    }

    /// <summary>Checks everything, and gives the prices.</summary>
    /// <param name="document">The document.</param>
    /// <param name="source">Where it is from, for people to read.</param>
    /// <exception cref="PriceDocumentException">The document must not be used.</exception>
    public PriceBook Verify(PriceDocument document, string source)
    {
        Authenticate(document);
        CheckSchema(document);
        CheckEngine(document);
        var book = Read(document, source);
        CheckDates(book);
        return book;
    }

    /// <summary>Reads the prices of a document. They stay in force beyond its expiry by as much as clocks may differ.</summary>
    /// <exception cref="PriceDocumentException">The rates or the dates cannot be used.</exception>
    public PriceBook Read(PriceDocument document, string source)
    {
        try
        {
            var book = PriceBook.Parse(document.Canonical, source);
            return book.ExpiresAt is { } expiresAt ? book.WithExpiry(Later(expiresAt)) : book;
        }
        catch (PriceFormatException exception)
        {
            throw new PriceDocumentException(
                exception.Field switch
                {
                    "generated_at" => PriceDocumentFault.Date,
                    "expires_at" => PriceDocumentFault.Expiry,
                    _ => PriceDocumentFault.Rates,
                },
                $"{exception.Message} Publish a corrected document.",
                exception);
        }
    }

    private void CheckSchema(PriceDocument document)
    {
        if (document.SchemaVersion != options.SchemaVersion)
        {
            throw new PriceDocumentException(
                PriceDocumentFault.Schema,
                $"The price document has the schema version {document.SchemaVersion ?? "(none)"} and not {options.SchemaVersion}. "
                + $"Use a source for this schema, or set {options.Names.SchemaVersion} if this {options.Names.Host} can read it.");
        }
    }

    private void CheckEngine(PriceDocument document)
    {
        if (document.EngineName != PriceDocument.ThisEngine)
        {
            throw new PriceDocumentException(
                PriceDocumentFault.Engine,
                $"The price document is for the engine '{document.EngineName ?? "(none)"}' and not for '{PriceDocument.ThisEngine}'. Use a source for this engine.");
        }

        if (Bound(document.EngineMinVersion) is { } least && _engineVersion < least)
        {
            throw new PriceDocumentException(
                PriceDocumentFault.Engine,
                $"The price document needs an engine of at least version {document.EngineMinVersion}; this one is {options.EngineVersion}. "
                + $"Update SpendGuard, or correct {options.Names.EngineVersion}.");
        }

        if (Bound(document.EngineMaxVersion) is { } most && _engineVersion > most)
        {
            throw new PriceDocumentException(
                PriceDocumentFault.Engine,
                $"The price document is for engines up to version {document.EngineMaxVersion}; this one is {options.EngineVersion}. "
                + $"Use a source for this version, or correct {options.Names.EngineVersion}.");
        }
    }

    private static Version? Bound(string? text) =>
        text is null ? null
        : DottedVersion.TryParse(text, out var version) ? version
        : throw new PriceDocumentException(
            PriceDocumentFault.Engine, $"The price document names the engine version '{text}', which is not a version. Publish a corrected document.");

    private void CheckDates(PriceBook book)
    {
        var now = time.GetUtcNow();
        if (book.GeneratedAt > now + options.ClockSkew)
        {
            throw new PriceDocumentException(
                PriceDocumentFault.Date,
                $"The price document was generated in the future, at {book.GeneratedAt:u}; it is {now:u} here. Check the clocks of this machine and of the source.");
        }

        if (book.ExpiresAt is not { } expiresAt)
        {
            throw new PriceDocumentException(
                PriceDocumentFault.Expiry, "The price document does not say when it expires. Publish it with expires_at.");
        }

        if (expiresAt <= Later(book.GeneratedAt))
        {
            throw new PriceDocumentException(
                PriceDocumentFault.Expiry,
                $"The price document expires before it was generated, at {book.GeneratedAt:u}. Publish a corrected document.");
        }

        if (expiresAt <= now)
        {
            throw new PriceDocumentException(
                PriceDocumentFault.Expiry,
                $"The price document has expired; it is {now:u} here and its prices were in force until {expiresAt:u}. Publish a current document, or check the clock of this machine.");
        }
    }

    private DateTimeOffset Later(DateTimeOffset moment) =>
        moment > DateTimeOffset.MaxValue - options.ClockSkew ? DateTimeOffset.MaxValue : moment + options.ClockSkew;
}
