using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Cli.Runs;

/// <summary>A folder for a run's own files, which nobody else reads, and which is gone with it.</summary>
internal sealed class PrivateFolder : IDisposable
{
    /// <param name="path">Where it is made. Not among what everybody writes: there are programs that read no settings from there.</param>
    public PrivateFolder(string path)
    {
        Path = path;
        UserFolder.Make(path);
    }

    public string Path { get; }

    public static void Write(IReadOnlyDictionary<string, string> files)
    {
        foreach (var (path, text) in files)
        {
            File.WriteAllText(path, text);
        }
    }

    public void Dispose() => Remove(Path);

    public static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What something still reads stays. The key in it opens nothing any more.
        }
    }
}
