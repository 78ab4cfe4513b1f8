using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SpendGuard.SignedPrices.Documents;
using SpendGuard.SignedPrices.Sources;

namespace SpendGuard.SignedPrices;

/// <summary>Lets documents in that verify and are not older than one that was let in before, also before a restart.</summary>
internal sealed class DocumentGate<TContent>(
    ISignedContent<TContent> kind, SignedPriceOptions options, string source, TimeProvider time, ILogger logger)
    where TContent : class
{
    private readonly DocumentVerifier<TContent> _verifier = new(kind, options, time);
    private readonly KeptDocuments? _kept = options.KeptPath is { } path ? new KeptDocuments(path) : null;

    /// <summary>When the newest document that was ever let in was generated.</summary>
    private DateTimeOffset? _floor = kind.NotBefore;

    /// <summary>Lets a document in, and keeps it for the next start.</summary>
    /// <exception cref="SignedDocumentException">The document must not be used.</exception>
    public SignedContent<TContent> LetIn(FetchedDocument fetched)
    {
        var content = _verifier.Verify(SignedDocument.Read(fetched.Text), source);
        if (content.GeneratedAt < kind.NotBefore)
        {
            throw new SignedDocumentException(
                SignedDocumentFault.RollBack,
                $"The {options.Names.Document} was generated at {content.GeneratedAt:u}, before what this version has without any document ({kind.NotBefore:u}). "
                + "Publish a newer document; if the older one is meant, sign it again with a new date.");
        }

        if (content.GeneratedAt < _floor)
        {
            throw new SignedDocumentException(
                SignedDocumentFault.RollBack,
                $"The {options.Names.Document} was generated at {content.GeneratedAt:u}, before one that was accepted already ({_floor:u}). "
                + "Publish a newer document; if the older one is meant, sign it again with a new date."
                + (_kept is null ? "" : $" {_kept.Path} holds the one that was accepted."));
        }

        Keep(fetched);
        _floor = content.GeneratedAt;
        return content;
    }

    /// <summary>What the last run left: the date below which documents are refused, and what to start with if need be.</summary>
    public KeptContent<TContent> ReadKept()
    {
        try
        {
            return _kept?.Read() is { } found ? Judge(found, _kept.Path) : new KeptContent<TContent>();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or SignedDocumentException)
        {
            Log.KeptIgnored(logger, options.Names.Content, _kept!.Path, exception.Message);
            return new KeptContent<TContent> { WhyNot = $"Those kept in {_kept.Path} were ignored: {exception.Message}" };
        }
    }

    private void Keep(FetchedDocument fetched)
    {
        try
        {
            _kept?.Write(new KeptDocument { Source = source, Tag = fetched.Tag, Document = Encoding.UTF8.GetString(fetched.Text.Span) });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The document is good all the same; only the next start has to do without them.
            Log.NotKept(logger, exception, options.Names.Content, _kept!.Path);
        }
    }

    /// <exception cref="SignedDocumentException">The document is not genuine, or cannot be read.</exception>
    private KeptContent<TContent> Judge(KeptDocument found, string path)
    {
        var document = SignedDocument.Read(found.Text);
        _verifier.Authenticate(document);
        var content = _verifier.Read(document, found.Source);

        // The date counts even where the rest does not: an expired document still shows what its publisher had published.
        _floor = content.GeneratedAt > _floor || _floor is null ? content.GeneratedAt : _floor;
        if (found.Source != source)
        {
            return new KeptContent<TContent> { WhyNot = $"Those kept in {path} are from {found.Source}." };
        }

        if (content.GeneratedAt < kind.NotBefore)
        {
            return new KeptContent<TContent> { WhyNot = $"Those kept in {path} are older than those that this version has without any document." };
        }

        try
        {
            _verifier.Verify(document, found.Source);
        }
        catch (SignedDocumentException exception)
        {
            return new KeptContent<TContent> { WhyNot = $"Those kept in {path} cannot be used either: {exception.Message}" };
        }

        return new KeptContent<TContent> { Content = content, Tag = found.Tag };
    }
}

/// <summary>What was kept from the last run.</summary>
internal sealed record KeptContent<TContent>
    where TContent : class
{
    /// <summary>The content; null when there is none to start with.</summary>
    public SignedContent<TContent>? Content { get; init; }

    /// <summary>What tells its document from others of the source.</summary>
    public string? Tag { get; init; }

    /// <summary>Why what was kept cannot be used; null when it can or nothing was kept.</summary>
    public string? WhyNot { get; init; }
}
