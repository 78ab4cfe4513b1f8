using SpendGuard.Sidecar.SignedPrices;

namespace SpendGuard.Cli.Prices;

/// <summary>A price document from where <c>--in</c> says: a file, or an address that is asked as a sidecar would ask it.</summary>
internal static class PriceInput
{
    /// <exception cref="CommandFailedException">There is no document to be had.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(Shell shell, string source, PriceSettings settings, CancellationToken stop)
    {
        var isAddress = Uri.TryCreate(source, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
        settings = settings with { SourceSetting = "--in", File = isAddress ? "" : Files.PathOf(shell, source), Url = isAddress ? address! : settings.Url };
        using var remote = isAddress ? new RemotePrices(settings, shell.Time) : null;
        try
        {
            var fetched = await (remote ?? (IPriceSource)new FilePrices(settings)).FetchAsync(knownTag: null, stop);
            return fetched!.Text;
        }
        catch (Exception exception) when (exception is PriceFetchException or PriceDocumentException)
        {
            throw new CommandFailedException(exception.Message, innerException: exception);
        }
    }
}
