using System.Security.Cryptography;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.Cli.Prices;

/// <summary>A document that a server gives out: signed anew when its file changes and before it expires.</summary>
/// <param name="shell">Where relative paths start, the clock, and where it is told what is wrong.</param>
/// <param name="path">The file.</param>
/// <param name="expiresIn">How long a document is good for.</param>
/// <param name="sign">Dates and signs what is in the file; refuses what a sidecar would refuse.</param>
/// <remarks>A file that cannot be used is told of once and changes nothing; what was signed before it is given out until it expires.</remarks>
internal sealed class ServedFile(Shell shell, string path, TimeSpan expiresIn, Func<byte[], DateTimeOffset, byte[]> sign)
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
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SignedDocumentException)
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
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SignedDocumentException)
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
        var document = sign(content, at);
        _content = content;
        _signed = new ServedDocument(document, $"\"{Convert.ToHexStringLower(SHA256.HashData(document))}\"", at, at + expiresIn);
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
internal sealed record ServedDocument(byte[] Document, string Tag, DateTimeOffset GeneratedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Half way to its expiry, so that a sidecar never sees it near its end.</summary>
    public DateTimeOffset RenewAt => GeneratedAt + ((ExpiresAt - GeneratedAt) / 2);
}
