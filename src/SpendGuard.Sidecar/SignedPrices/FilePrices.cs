using System.Security.Cryptography;

namespace SpendGuard.Sidecar.SignedPrices;

/// <summary>A signed document on disk. Its tag is the hash of its content, because times of files lie.</summary>
internal sealed class FilePrices(PriceSettings settings) : IPriceSource
{
    public string Name => settings.File;

    public async Task<FetchedDocument?> FetchAsync(string? knownTag, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(
                settings.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, useAsync: true);
            var text = await LimitedReader.ReadAsync(file, cancellationToken);
            var tag = Convert.ToHexStringLower(SHA256.HashData(text));
            return tag == knownTag ? null : new FetchedDocument(text, tag);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new PriceFetchException($"The price document cannot be read ({exception.Message.TrimEnd('.')}). Check {settings.SourceSetting}.", exception);
        }
    }
}
