namespace SpendGuard.Sidecar.SignedPrices;

internal static partial class Log
{
    [LoggerMessage(20, LogLevel.Information, "Prices from {Source} are in force: generated at {GeneratedAt:u}, until {Until:u}.")]
    public static partial void Accepted(ILogger logger, string source, DateTimeOffset generatedAt, DateTimeOffset? until);

    [LoggerMessage(21, LogLevel.Warning, "No newer prices came from {Source}: {Reason} Those in force stay until {Until:u}; then calls are refused.")]
    public static partial void Failed(ILogger logger, string source, string reason, DateTimeOffset? until);

    [LoggerMessage(22, LogLevel.Error, "The prices from {Source} were refused: {Reason} Those in force stay until {Until:u}; then calls are refused.")]
    public static partial void Refused(ILogger logger, string source, string reason, DateTimeOffset? until);

    [LoggerMessage(EventId = 23, Message = "No prices came from {Source}: {Reason} The sidecar starts with those kept from before in {Path}, generated at {GeneratedAt:u}. They stay until {Until:u}; then calls are refused.")]
    public static partial void StartedWithKept(ILogger logger, LogLevel level, string source, string reason, string path, DateTimeOffset generatedAt, DateTimeOffset? until);

    [LoggerMessage(24, LogLevel.Warning, "The prices kept in {Path} are ignored: {Reason}")]
    public static partial void KeptIgnored(ILogger logger, string path, string reason);

    [LoggerMessage(25, LogLevel.Warning, "The prices could not be kept in {Path} for the next start.")]
    public static partial void NotKept(ILogger logger, Exception exception, string path);

    [LoggerMessage(26, LogLevel.Warning, "CAP_PRICING_VERIFY_SIGNATURE is off: prices from {Source} are used without knowing who made them. Whoever can change them decides what calls cost.")]
    public static partial void NotVerified(ILogger logger, string source);

    [LoggerMessage(27, LogLevel.Warning, "CAP_PRICING_SOURCE is bundled: prices are those that ship with SpendGuard, of {GeneratedAt:u} ({AgeInDays} days old). They do not expire and are not updated; when a provider raises its prices, budgets are exceeded unnoticed.")]
    public static partial void Bundled(ILogger logger, DateTimeOffset generatedAt, int ageInDays);

    [LoggerMessage(28, LogLevel.Error, "Looking prices up failed in a way that it should not have. It is tried again.")]
    public static partial void Defect(ILogger logger, Exception exception);
}
