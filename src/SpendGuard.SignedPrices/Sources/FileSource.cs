using System.Security.Cryptography;

namespace SpendGuard.SignedPrices.Sources;

/// <summary>A signed document on disk. Its tag is the hash of its content, because times of files lie.</summary>
internal sealed class FileSource(string path, SignedPriceOptionNames names) : IDocumentSource
{
    public string Name { get; } = Path.GetFullPath(path);

    public async Task<FetchedDocument?> FetchAsync(string? knownTag, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileStream(
                Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, useAsync: true);
            await using var closed = file.ConfigureAwait(false);
            var text = await LimitedReader.ReadAsync(file, cancellationToken).ConfigureAwait(false);
            var tag = Convert.ToHexStringLower(SHA256.HashData(text));
            return tag == knownTag ? null : new FetchedDocument(text, tag);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DocumentFetchException($"The {names.Document} cannot be read ({exception.Message.TrimEnd('.')}). Check {names.Source}.", exception);
        }
    }
}
