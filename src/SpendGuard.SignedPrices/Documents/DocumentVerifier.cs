using NSec.Cryptography;

namespace SpendGuard.SignedPrices.Documents;

/// <summary>Decides whether a signed document may be used: it is genuine, for this engine, current, and what it says can be read.</summary>
/// <remarks>The signature comes first: what is not genuine is not interpreted.</remarks>
internal sealed class DocumentVerifier<TContent>(ISignedContent<TContent> kind, SignedPriceOptions options, TimeProvider time)
    where TContent : class
{
    private readonly PublicKey _publicKey = PriceKey.Read(options.PublicKey);
    private readonly Version _engineVersion = DottedVersion.Read(options.EngineVersion);

    /// <summary>Checks the signature, unless that is turned off.</summary>
    /// <exception cref="SignedDocumentException">The document is not genuine.</exception>
    public void Authenticate(SignedDocument document)
    {
        if (!options.VerifySignature)
        {
            return;
        }

        if (string.IsNullOrEmpty(document.Signature))
        {
            throw new SignedDocumentException(
                SignedDocumentFault.MissingSignature,
                $"The {options.Names.Document} has no signature. Sign it with the private key that belongs to {options.Names.PublicKey}.");
        }

        var signature = new byte[SignatureAlgorithm.Ed25519.SignatureSize];
        if (!Convert.TryFromBase64String(document.Signature, signature, out var length) || length != signature.Length)
        {
            throw new SignedDocumentException(
                SignedDocumentFault.MalformedSignature,
                $"The signature of the {options.Names.Document} is not the base64 of {signature.Length} bytes. Sign the document again with Ed25519.");
        }

        if (!SignatureAlgorithm.Ed25519.Verify(_publicKey, document.Canonical.Span, signature))
        {
            throw new SignedDocumentException(
                SignedDocumentFault.WrongSignature,
                $"The signature of the {options.Names.Document} is wrong: it was signed with another key or changed after it was signed. "
                + $"Check {options.Names.PublicKey} and the source of the document.");
        }
    }

    /// <summary>Checks everything, and gives what the document says.</summary>
    /// <param name="document">The document.</param>
    /// <param name="source">Where it is from, for people to read.</param>
    /// <exception cref="SignedDocumentException">The document must not be used.</exception>
    public SignedContent<TContent> Verify(SignedDocument document, string source)
    {
        Authenticate(document);
        CheckSchema(document);
        CheckEngine(document);
        var content = Read(document, source);
        CheckDates(content);
        return content;
    }

    /// <summary>Reads what a document says. It stays in force beyond its expiry by as much as clocks may differ.</summary>
    /// <exception cref="SignedDocumentException">What it says or its dates cannot be used.</exception>
    public SignedContent<TContent> Read(SignedDocument document, string source)
    {
        var content = kind.Read(document.Canonical, source);
        return content.ExpiresAt is { } expiresAt ? content with { ExpiresAt = Later(expiresAt) } : content;
    }

    private void CheckSchema(SignedDocument document)
    {
        if (document.SchemaVersion != options.SchemaVersion)
        {
            throw new SignedDocumentException(
                SignedDocumentFault.Schema,
                $"The {options.Names.Document} has the schema version {document.SchemaVersion ?? "(none)"} and not {options.SchemaVersion}. "
                + $"Use a source for this schema, or set {options.Names.SchemaVersion} if this {options.Names.Host} can read it.");
        }
    }

    private void CheckEngine(SignedDocument document)
    {
        if (document.EngineName != SignedDocument.ThisEngine)
        {
            throw new SignedDocumentException(
                SignedDocumentFault.Engine,
                $"The {options.Names.Document} is for the engine '{document.EngineName ?? "(none)"}' and not for '{SignedDocument.ThisEngine}'. Use a source for this engine.");
        }

        if (Bound(document.EngineMinVersion) is { } least && _engineVersion < least)
        {
            throw new SignedDocumentException(
                SignedDocumentFault.Engine,
                $"The {options.Names.Document} needs an engine of at least version {document.EngineMinVersion}; this one is {options.EngineVersion}. "
                + $"Update SpendGuard, or correct {options.Names.EngineVersion}.");
        }

        if (Bound(document.EngineMaxVersion) is { } most && _engineVersion > most)
        {
            throw new SignedDocumentException(
                SignedDocumentFault.Engine,
                $"The {options.Names.Document} is for engines up to version {document.EngineMaxVersion}; this one is {options.EngineVersion}. "
                + $"Use a source for this version, or correct {options.Names.EngineVersion}.");
        }
    }

    private Version? Bound(string? text) =>
        text is null ? null
        : DottedVersion.TryParse(text, out var version) ? version
        : throw new SignedDocumentException(
            SignedDocumentFault.Engine, $"The {options.Names.Document} names the engine version '{text}', which is not a version. Publish a corrected document.");

    private void CheckDates(SignedContent<TContent> content)
    {
        var now = time.GetUtcNow();
        if (content.GeneratedAt > now + options.ClockSkew)
        {
            throw new SignedDocumentException(
                SignedDocumentFault.Date,
                $"The {options.Names.Document} was generated in the future, at {content.GeneratedAt:u}; it is {now:u} here. Check the clocks of this machine and of the source.");
        }

        if (content.ExpiresAt is not { } expiresAt)
        {
            throw new SignedDocumentException(
                SignedDocumentFault.Expiry, $"The {options.Names.Document} does not say when it expires. Publish it with expires_at.");
        }

        if (expiresAt <= Later(content.GeneratedAt))
        {
            throw new SignedDocumentException(
                SignedDocumentFault.Expiry,
                $"The {options.Names.Document} expires before it was generated, at {content.GeneratedAt:u}. Publish a corrected document.");
        }

        if (expiresAt <= now)
        {
            throw new SignedDocumentException(
                SignedDocumentFault.Expiry,
                $"The {options.Names.Document} has expired; it is {now:u} here and what it says was in force until {expiresAt:u}. Publish a current document, or check the clock of this machine.");
        }
    }

    private DateTimeOffset Later(DateTimeOffset moment) =>
        moment > DateTimeOffset.MaxValue - options.ClockSkew ? DateTimeOffset.MaxValue : moment + options.ClockSkew;
}
