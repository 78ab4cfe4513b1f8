using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.SignedPrices.Sources;

/// <summary>Reads a document to its end, but no more of it than such a document can have.</summary>
internal static class LimitedReader
{
    /// <summary>The bundled document has some tens of kilobytes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <exception cref="SignedDocumentException">There is more.</exception>
    public static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (text.Length + read > MaxBytes)
            {
                throw new SignedDocumentException(
                    SignedDocumentFault.TooLarge,
                    $"The document is larger than {MaxBytes} bytes. Look at what its source really sends.");
            }

            text.Write(buffer, 0, read);
        }

        return text.ToArray();
    }
}
