using System.Text;
using System.Text.Json;
using SpendGuard;

namespace CustomStore;

/// <summary>The file: lines are only ever added to it.</summary>
internal sealed class Journal : IDisposable
{
    private readonly FileStream _file;
    private bool _broken;

    private Journal(FileStream file) => _file = file;

    /// <summary>Opens the file and reads what is in it.</summary>
    public static Journal Open(string path, out IReadOnlyList<JournalLine> lines)
    {
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            try
            {
                lines = Read(file);
                return new Journal(file);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new StoreUnavailableException($"The journal {path} cannot be opened: {exception.Message}", exception);
        }
    }

    /// <summary>Adds a line. When it returns, the line is on disk.</summary>
    /// <exception cref="StoreUnavailableException">It is not, or nobody can tell.</exception>
    public void Append(JournalLine line)
    {
        ObjectDisposedException.ThrowIf(!_file.CanWrite, this);
        try
        {
            // After a write that failed nobody knows what is in the file; to go on would build on that.
            if (_broken)
            {
                throw new IOException("A write has failed before.");
            }

            _broken = true;
            _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
            _file.Flush(flushToDisk: true);
            _broken = false;
        }
        catch (IOException exception)
        {
            throw new StoreUnavailableException($"The journal cannot be written: {exception.Message} Open it anew once the disk is well.", exception);
        }
    }

    public void Dispose() => _file.Dispose();

    private static IReadOnlyList<JournalLine> Read(FileStream file)
    {
        var content = new byte[file.Length];
        file.ReadExactly(content);
        var end = Array.LastIndexOf(content, (byte)'\n') + 1;
        if (end == 0 && content.Length > 0 && content[0] != (byte)'{')
        {
            throw new JsonException("It is no journal.");
        }

        IReadOnlyList<JournalLine> lines =
            [.. Encoding.UTF8.GetString(content, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(JournalLine.Parse)];

        // A last line without its end was being written when the process died. Nobody was answered, so it has not happened. Only now that
        // the rest is known to be a journal is it cut off.
        file.SetLength(end);
        return lines;
    }
}
