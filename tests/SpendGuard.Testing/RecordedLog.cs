using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SpendGuard.Testing;

/// <summary>Keeps what is logged.</summary>
public sealed class RecordedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _entries = [];
    private readonly ConcurrentQueue<string> _everything = [];

    public IReadOnlyList<string> At(LogLevel level) => [.. _entries.Where(entry => entry.Level == level).Select(entry => entry.Text)];

    /// <summary>All of it, with the exceptions in full.</summary>
    public IEnumerable<string> Everything => _everything;

    public ILogger CreateLogger(string categoryName) => new Logger(_entries, _everything);

    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<(LogLevel Level, string Text)> entries, ConcurrentQueue<string> everything) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            entries.Enqueue((logLevel, formatter(state, exception)));
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs) : "";
            everything.Enqueue($"{formatter(state, exception)} {values} {exception}");
        }
    }
}
