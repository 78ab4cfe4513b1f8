using Microsoft.Extensions.Logging;

namespace SpendGuard.PostgreSql;

/// <summary>What the store logs.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 110, Level = LogLevel.Information, Message = "Opened the budget store of tenant {Tenant} in database {Database} on {Host} (schema {Schema}, {Server}).")]
    public static partial void Opened(ILogger logger, string tenant, string database, string host, int schema, string server);

    [LoggerMessage(EventId = 111, Level = LogLevel.Information, Message = "Brought the tables from schema {From} to {To}.")]
    public static partial void Migrated(ILogger logger, int from, int to);

    [LoggerMessage(EventId = 112, Level = LogLevel.Warning, Message = "Try {Try} on the database failed; it is tried again with the same ids.")]
    public static partial void TriedAgain(ILogger logger, Exception exception, int @try);

    [LoggerMessage(EventId = 113, Level = LogLevel.Information, Message = "A commit of {Count} commands whose answer was lost had taken effect.")]
    public static partial void WasCommitted(ILogger logger, int count);

    [LoggerMessage(EventId = 114, Level = LogLevel.Error, Message = "A commit of {Count} commands failed.")]
    public static partial void CommitFailed(ILogger logger, Exception exception, int count);

    [LoggerMessage(EventId = 115, Level = LogLevel.Information, Message = "A pooler stands between this process and the database server. Statements are not prepared.")]
    public static partial void Pooled(ILogger logger);

    [LoggerMessage(EventId = 116, Level = LogLevel.Warning, Message = "The connection that tells of pauses does not work. They are looked for every half second until there is another.")]
    public static partial void NotListening(ILogger logger, Exception exception);
}
