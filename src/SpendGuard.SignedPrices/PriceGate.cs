using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SpendGuard.Pricing;
using SpendGuard.SignedPrices.Documents;
using SpendGuard.SignedPrices.Sources;

namespace SpendGuard.SignedPrices;

/// <summary>Lets price documents in that verify and are not older than one that was let in before, also before a restart.</summary>
internal sealed class PriceGate(SignedPriceOptions options, string source, TimeProvider time, ILogger logger)
{
    private readonly PriceDocumentVerifier _verifier = new(options, time);
    private readonly KeptPrices? _kept = options.KeptPath is { } path ? new KeptPrices(path) : null;

    /// <summary>When the newest document that was ever let in was generated.</summary>
    private DateTimeOffset? _floor;

    /// <summary>Lets a document in, and keeps it for the next start.</summary>
    /// <exception cref="PriceDocumentException">The document must not be used.</exception>
    public PriceBook LetIn(FetchedDocument fetched)
    {
        var book = _verifier.Verify(PriceDocument.Read(fetched.Text), source);
        if (book.GeneratedAt < _floor)
        {
            throw new PriceDocumentException(
                PriceDocumentFault.RollBack,
                $"The price document was generated at {book.GeneratedAt:u}, before one that was accepted already ({_floor:u}). "
                + "Publish a newer document; if the older prices are meant, sign them again with a new date."
                + (_kept is null ? "" : $" {_kept.Path} holds the one that was accepted."));
        }

        Keep(fetched);
        _floor = book.GeneratedAt;
        return book;
    }

    /// <summary>What the last run left: the date below which documents are refused, and prices to start with if need be.</summary>
    public KeptBook ReadKept()
    {
        try
        {
            return _kept?.Read() is { } found ? Judge(found, _kept.Path) : new KeptBook();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or PriceDocumentException)
        {
            Log.KeptIgnored(logger, _kept!.Path, exception.Message);
            return new KeptBook { WhyNot = $"Those kept in {_kept.Path} were ignored: {exception.Message}" };
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
            // The prices are good all the same; only the next start has to do without them.
            Log.NotKept(logger, exception, _kept!.Path);
        }
    }

    /// <exception cref="PriceDocumentException">The document is not genuine, or cannot be read.</exception>
    private KeptBook Judge(KeptDocument found, string path)
    {
        var document = PriceDocument.Read(found.Text);
        _verifier.Authenticate(document);
        var book = _verifier.Read(document, found.Source);

        // The date counts even where the prices do not: an expired document still shows what its publisher had published.
        _floor = book.GeneratedAt;
        if (found.Source != source)
        {
            return new KeptBook { WhyNot = $"Those kept in {path} are from {found.Source}." };
        }

        try
        {
            _verifier.Verify(document, found.Source);
        }
        catch (PriceDocumentException exception)
        {
            return new KeptBook { WhyNot = $"Those kept in {path} cannot be used either: {exception.Message}" };
        }

        return new KeptBook { Book = book, Tag = found.Tag };
    }
}

/// <summary>What was kept from the last run.</summary>
internal sealed record KeptBook
{
    /// <summary>The prices; null when there are none to start with.</summary>
    public PriceBook? Book { get; init; }

    /// <summary>What tells their document from others of the source.</summary>
    public string? Tag { get; init; }

    /// <summary>Why kept prices cannot be used; null when they can or none were kept.</summary>
    public string? WhyNot { get; init; }
}
