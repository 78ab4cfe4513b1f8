using SpendGuard.Pricing;

namespace SpendGuard.AspNetCore.Settings;

/// <summary>A price document that is deployed with the application, and trusted as it is.</summary>
internal static class PriceFile
{
    /// <exception cref="FormatException">There is no such file, or it is no price document.</exception>
    public static Func<PriceBook> Read(string path)
    {
        try
        {
            var book = PriceBook.Parse(File.ReadAllBytes(path), path);
            return () => book;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or PriceFormatException)
        {
            throw new FormatException($"names '{path}', which cannot be used: {fault.Message}", fault);
        }
    }
}
