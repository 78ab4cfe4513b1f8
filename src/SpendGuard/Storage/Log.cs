using Microsoft.Extensions.Logging;

namespace SpendGuard.Storage;

/// <summary>What stores log.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "Opened the budget store {Path} (schema {Schema}, SQLite {Version}).")]
    public static partial void Opened(ILogger logger, string path, long schema, string version);

    [LoggerMessage(EventId = 101, Level = LogLevel.Error, Message = "A batch of {Count} commands failed and was rolled back.")]
    public static partial void BatchFailed(ILogger logger, Exception exception, int count);

    [LoggerMessage(EventId = 102, Level = LogLevel.Critical, Message = "The budget store {Path} refuses everything from now on.")]
    public static partial void Broken(ILogger logger, Exception exception, string path);

    [LoggerMessage(EventId = 103, Level = LogLevel.Warning, Message = "The budget store could not be closed properly; it recovers when it is opened next.")]
    public static partial void CloseFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 104, Level = LogLevel.Error, Message = "The budget store could not answer a question.")]
    public static partial void ReadFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 105, Level = LogLevel.Warning, Message = "The log of the budget store {Path} has grown to {Megabytes} MB and cannot be copied into the file: another program has a view of it open. It shrinks when that ends.")]
    public static partial void LogGrows(ILogger logger, string path, long megabytes);
}
