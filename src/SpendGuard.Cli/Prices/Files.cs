namespace SpendGuard.Cli.Prices;

/// <summary>Reads and writes whole files, and tells of a failure in a sentence.</summary>
internal static class Files
{
    public static string PathOf(Shell shell, string path) => Path.GetFullPath(path, shell.Folder);

    /// <exception cref="CommandFailedException">The file cannot be read.</exception>
    public static async Task<byte[]> ReadAsync(Shell shell, string path, string option, CancellationToken stop)
    {
        try
        {
            return await File.ReadAllBytesAsync(PathOf(shell, path), stop);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandFailedException($"{path} cannot be read ({exception.Message.TrimEnd('.')}). Check {option}.", innerException: exception);
        }
    }

    /// <summary>Writes a file so that whoever reads it meanwhile has either the old or the new content, whole.</summary>
    /// <exception cref="CommandFailedException">The file cannot be written.</exception>
    public static async Task WriteAsync(Shell shell, string path, ReadOnlyMemory<byte> content, CancellationToken stop)
    {
        var target = PathOf(shell, path);
        var temporary = $"{target}.{Guid.NewGuid():n}.tmp";
        try
        {
            await File.WriteAllBytesAsync(temporary, content, stop);
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            throw new CommandFailedException($"{path} cannot be written ({exception.Message.TrimEnd('.')}). Check --out.", innerException: exception);
        }
    }
}
