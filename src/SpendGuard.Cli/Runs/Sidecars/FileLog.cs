using System.Globalization;
using Microsoft.Extensions.Logging;

namespace SpendGuard.Cli.Runs.Sidecars;

/// <summary>A log in a file, for a process whose terminal is another's. Several processes may write to one.</summary>
internal sealed class FileLog : ILoggerProvider
{
    private const long Large = 4 * 1024 * 1024;

    private readonly StreamWriter _file;
    private readonly string _run;
    private readonly Lock _lock = new();

    /// <param name="path">The file. One that has grown large is kept as it is under another name.</param>
    /// <param name="run">Whose lines these are.</param>
    public FileLog(string path, string run)
    {
        if (new FileInfo(path) is { Exists: true, Length: > Large })
        {
            File.Move(path, path + ".old", overwrite: true);
        }

        _file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
        _run = run;
    }

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    public void Dispose()
    {
        lock (_lock)
        {
            _file.Dispose();
        }
    }

    private void Write(LogLevel level, string category, string message, Exception? exception)
    {
        var at = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        lock (_lock)
        {
            _file.Write($"{at} {_run} {level} {category}: {message}{(exception is null ? "" : Environment.NewLine + exception)}{Environment.NewLine}");
        }
    }

    private sealed class Writer(FileLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Write(logLevel, category, formatter(state, exception), exception);
            }
        }
    }
}
