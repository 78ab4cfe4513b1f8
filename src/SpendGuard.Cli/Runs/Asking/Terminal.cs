using System.Text;

namespace SpendGuard.Cli.Runs.Asking;

/// <summary>The terminal itself, wherever the streams of this process and of its program go.</summary>
internal sealed class Terminal : IDisposable
{
    private readonly FileStream _in;
    private readonly FileStream _out;
    private readonly Lock _lock = new();
    private Task<string?>? _reading;

    private Terminal(FileStream input, FileStream output) => (_in, _out) = (input, output);

    /// <summary>The terminal; null where there is none.</summary>
    public static Terminal? Open()
    {
        var (input, output) = OperatingSystem.IsWindows() ? ("CONIN$", "CONOUT$") : ("/dev/tty", "/dev/tty");
        try
        {
            return new Terminal(
                new FileStream(input, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0),
                new FileStream(output, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    public void Write(string text) => _out.Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads what is typed up to the next Enter; null at the end of all input.</summary>
    /// <remarks>Reading cannot be broken off: who stops waiting leaves it to the next who asks.</remarks>
    public Task<string?> ReadLineAsync(CancellationToken stop)
    {
        lock (_lock)
        {
            _reading = _reading is null or { IsCompleted: true } ? Task.Factory.StartNew(ReadLine, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default) : _reading;
            return _reading.WaitAsync(stop);
        }
    }

    public void Dispose()
    {
        _in.Dispose();
        _out.Dispose();
    }

    /// <summary>A program may have set the terminal to send Enter as it is typed.</summary>
    private string? ReadLine()
    {
        var line = new List<byte>();
        var read = new byte[1];
        while (_in.Read(read) == 1)
        {
            if (read[0] is (byte)'\n' or (byte)'\r')
            {
                return Encoding.UTF8.GetString([.. line]);
            }

            line.Add(read[0]);
        }

        return line.Count > 0 ? Encoding.UTF8.GetString([.. line]) : null;
    }
}
