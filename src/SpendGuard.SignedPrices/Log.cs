using Microsoft.Extensions.Logging;

namespace SpendGuard.SignedPrices;

internal static partial class Log
{
    [LoggerMessage(20, LogLevel.Information, "New {Content} from {Source} are in force: generated at {GeneratedAt:u}, until {Until:u}.")]
    public static partial void Accepted(ILogger logger, string content, string source, DateTimeOffset generatedAt, DateTimeOffset? until);

    [LoggerMessage(21, LogLevel.Warning, "No newer {Content} came from {Source}: {Reason} Those in force stay until {Until:u}; then calls are refused.")]
    public static partial void Failed(ILogger logger, string content, string source, string reason, DateTimeOffset? until);

    [LoggerMessage(22, LogLevel.Error, "The {Content} from {Source} were refused: {Reason} Those in force stay until {Until:u}; then calls are refused.")]
    public static partial void Refused(ILogger logger, string content, string source, string reason, DateTimeOffset? until);

    [LoggerMessage(EventId = 23, Message = "No {Content} came from {Source}: {Reason} The {Host} starts with those kept from before in {Path}, generated at {GeneratedAt:u}. They stay until {Until:u}; then calls are refused.")]
    public static partial void StartedWithKept(
        ILogger logger, LogLevel level, string content, string source, string reason, string host, string? path, DateTimeOffset generatedAt, DateTimeOffset? until);

    [LoggerMessage(24, LogLevel.Warning, "The {Content} kept in {Path} are ignored: {Reason}")]
    public static partial void KeptIgnored(ILogger logger, string content, string path, string reason);

    [LoggerMessage(25, LogLevel.Warning, "The {Content} could not be kept in {Path} for the next start.")]
    public static partial void NotKept(ILogger logger, Exception exception, string content, string path);

    [LoggerMessage(26, LogLevel.Warning, "{Setting} is off: {Content} from {Source} are used without knowing who made them. Whoever can change them decides what calls cost.")]
    public static partial void NotVerified(ILogger logger, string setting, string content, string source);

    [LoggerMessage(28, LogLevel.Error, "Looking {Content} up failed in a way that it should not have. It is tried again.")]
    public static partial void Defect(ILogger logger, Exception exception, string content);

    [LoggerMessage(29, LogLevel.Error, "No {Content} came from {Source}: {Reason} The {Host} starts without any, and calls are refused until they come.")]
    public static partial void StartedWithNone(ILogger logger, string content, string source, string reason, string host);
}
