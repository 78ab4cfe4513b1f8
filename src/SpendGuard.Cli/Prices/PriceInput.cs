using SpendGuard.SignedPrices;
using SpendGuard.SignedPrices.Documents;
using SpendGuard.SignedPrices.Sources;

namespace SpendGuard.Cli.Prices;

/// <summary>A price document from where <c>--in</c> says: a file, or an address that is asked as a sidecar would ask it.</summary>
internal static class PriceInput
{
    /// <param name="shell">Where relative paths start.</param>
    /// <param name="source">The file or address.</param>
    /// <param name="options">How a sidecar would ask.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="CommandFailedException">There is no document to be had.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(Shell shell, string source, SignedPriceOptions options, CancellationToken stop)
    {
        var isAddress = Uri.TryCreate(source, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
        options.Source = isAddress ? source : Files.PathOf(shell, source);
        options.Names.Source = "--in";
        try
        {
            return await PriceDocuments.FetchAsync(options, shell.Time, stop);
        }
        catch (Exception exception) when (exception is DocumentFetchException or SignedDocumentException)
        {
            throw new CommandFailedException(exception.Message, innerException: exception);
        }
    }
}
