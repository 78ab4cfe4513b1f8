using SpendGuard.Pricing;

namespace SpendGuard.Cli.Prices;

/// <summary>A price book to look into, from a file; its signature is not asked for.</summary>
internal static class BookFile
{
    /// <param name="shell">Where relative paths start.</param>
    /// <param name="path">The file; null for the book that ships with SpendGuard.</param>
    /// <param name="option">The option that names the file.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="CommandFailedException">The file cannot be read, or is no price document.</exception>
    public static async Task<PriceBook> ReadAsync(Shell shell, string? path, string option, CancellationToken stop)
    {
        if (path is null)
        {
            return PriceBook.LoadBundled();
        }

        try
        {
            return PriceBook.Parse(await Files.ReadAsync(shell, path, option, stop), path);
        }
        catch (PriceFormatException exception)
        {
            throw new CommandFailedException($"{exception.Message} Check {option}.", innerException: exception);
        }
    }
}
