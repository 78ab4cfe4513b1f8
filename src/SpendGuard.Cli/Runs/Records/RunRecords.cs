using System.Text.Json;

namespace SpendGuard.Cli.Runs.Records;

/// <summary>The records of runs, a file each. One is written before its program starts and once more at the end, and is never half there.</summary>
internal sealed class RunRecords(DataFolder folder)
{
    private const string Ending = ".json";
    private const string LockEnding = ".running";

    /// <summary>Keeps a run from being taken for one that was killed, for as long as it is not disposed of. The system frees it whatever ends the process.</summary>
    public IDisposable Begin(RunRecord record)
    {
        var running = new FileStream(
            PathOf(record.Run, LockEnding), FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        Write(record);
        return running;
    }

    /// <exception cref="CommandFailedException">It cannot be written.</exception>
    public void Write(RunRecord record)
    {
        var path = PathOf(record.Run, Ending);
        try
        {
            using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
            {
                JsonSerializer.Serialize(file, record, RecordJson.Default.RunRecord);
                file.Flush(flushToDisk: true);
            }

            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The record of the run cannot be written: {exception.Message}", innerException: exception);
        }
    }

    /// <summary>All of them, oldest first.</summary>
    public IReadOnlyList<RunRecord> Read() =>
    [
        .. Directory.EnumerateFiles(folder.Records, "*" + Ending).Select(Read)
            .OrderBy(static record => record.StartedAt).ThenBy(static record => record.Run, StringComparer.Ordinal),
    ];

    /// <summary>Removes what runs that were killed had given their programs to read.</summary>
    public void RemoveLeftFiles()
    {
        foreach (var path in Directory.EnumerateDirectories(folder.Records, "*" + DataFolder.FilesEnding).Where(path => !IsRunning(Path.GetFileNameWithoutExtension(path))))
        {
            PrivateFolder.Remove(path);
        }
    }

    /// <summary>Whether a run that has not ended is under way.</summary>
    /// <param name="run">Its id.</param>
    public bool IsRunning(string run)
    {
        try
        {
            using var taken = new FileStream(PathOf(run, LockEnding), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private string PathOf(string run, string ending) => Path.Combine(folder.Records, run + ending);

    private static RunRecord Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, RecordJson.Default.RunRecord) ?? throw new JsonException("It is null.");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"'{path}' is no record of a run: {exception.Message} Move it away.", innerException: exception);
        }
    }
}
