using System.Text;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.Cli.Prices;

/// <summary>The private key on disk: the base64 of its 32 bytes, on one line, for its owner's eyes only.</summary>
internal static class PrivateKeyFile
{
    private const int Bytes = 32;

    /// <exception cref="CommandFailedException">The file is there already, or cannot be written.</exception>
    public static void Write(Shell shell, string path, PriceKeyPair keys)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            // From the moment it exists, not some time after.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using var file = new FileStream(Files.PathOf(shell, path), options);
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(keys.Seed.Span) + "\n"));
        }
        catch (IOException) when (File.Exists(Files.PathOf(shell, path)))
        {
            throw new CommandFailedException($"{path} is there already and was left as it is: a key that is overwritten is lost. Name another file with --out.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandFailedException($"{path} cannot be written ({exception.Message.TrimEnd('.')}). Check --out.", innerException: exception);
        }
    }

    /// <exception cref="CommandFailedException">The file is not there, or is no private key.</exception>
    public static async Task<PriceKeyPair> ReadAsync(Shell shell, string path, CancellationToken stop)
    {
        var text = Encoding.UTF8.GetString(await Files.ReadAsync(shell, path, "--key", stop)).Trim();
        var seed = new byte[Bytes];
        return Convert.TryFromBase64String(text, seed, out var length) && length == Bytes
            ? PriceKeyPair.FromSeed(seed)
            : throw new CommandFailedException($"{path} is no private key: it has to hold the base64 of {Bytes} bytes. Make one with 'spendguard prices keygen'.");
    }
}
