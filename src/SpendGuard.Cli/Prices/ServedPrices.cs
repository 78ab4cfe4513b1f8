using System.Security.Cryptography;
using SpendGuard.SignedPrices;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.Cli.Prices;

/// <summary>The document that a price server gives out: signed anew when the file changes and before the prices expire.</summary>
/// <remarks>A file that cannot be used is told of once and changes nothing; what was signed before it is given out until it expires.</remarks>
internal sealed class ServedPrices(Shell shell, string path, PriceKeyPair keys, SignedPriceOptions options, TimeSpan expiresIn)
{
    private readonly Lock _gate = new();
    private byte[] _content = [];
    private ServedDocument? _signed;
    private string? _told;

    /// <summary>The document to give out now; null when the last one has expired and there is no good file.</summary>
    public ServedDocument? Current()
    {
        lock (_gate)
        {
            try
            {
                Renew();
                _told = null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or PriceDocumentException)
            {
                Tell(exception.Message);
            }

            return _signed?.ExpiresAt > shell.Time.GetUtcNow() ? _signed : null;
        }
    }

    /// <summary>Signs the file for the first time.</summary>
    /// <exception cref="CommandFailedException">The file cannot be signed.</exception>
    public void Start()
    {
        try
        {
            Renew();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or PriceDocumentException)
        {
            throw new CommandFailedException($"{path} cannot be served. {exception.Message}", innerException: exception);
        }
    }

    private void Renew()
    {
        var content = File.ReadAllBytes(Files.PathOf(shell, path));
        var now = shell.Time.GetUtcNow();
        if (_signed is { } signed && now < signed.RenewAt && content.AsSpan().SequenceEqual(_content))
        {
            return;
        }

        // Never an earlier date than before, whatever the clock does: sidecars refuse to go back.
        var at = _signed is { } before && before.GeneratedAt > now ? before.GeneratedAt : now;
        var (document, book) = PriceSigning.Sign(content, keys, options, at, expiresIn);
        _content = content;
        _signed = new ServedDocument(document, $"\"{Convert.ToHexStringLower(SHA256.HashData(document))}\"", book.Models.Count, at, at + expiresIn);
    }

    private void Tell(string why)
    {
        if (_told != why)
        {
            _told = why;
            shell.Error.WriteLine($"{path} is not served: {why} What was signed before it is given out until {_signed?.ExpiresAt:u}.");
        }
    }
}

/// <summary>A signed document with what HTTP needs to know of it.</summary>
internal sealed record ServedDocument(byte[] Document, string Tag, int Models, DateTimeOffset GeneratedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Half way to its expiry, so that a sidecar never sees it near its end.</summary>
    public DateTimeOffset RenewAt => GeneratedAt + ((ExpiresAt - GeneratedAt) / 2);
}
