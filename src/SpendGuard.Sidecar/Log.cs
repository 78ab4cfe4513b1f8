using SpendGuard.Pricing;

namespace SpendGuard.Sidecar;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "No readable answer came from {Provider} for reservation {Reservation}.")]
    public static partial void ProviderFailed(ILogger logger, Exception? exception, string provider, ReservationId reservation);

    [LoggerMessage(2, LogLevel.Error, "A request failed that should not have.")]
    public static partial void Defect(ILogger logger, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "No readable answer came from {Provider} to a request that is not billed.")]
    public static partial void PassThroughFailed(ILogger logger, Exception? exception, string provider);

    [LoggerMessage(4, LogLevel.Information, "{Provider} counted {Count} input tokens; {Bound} are held for in place of {Conservative}.")]
    public static partial void Counted(ILogger logger, string provider, long count, long conservative, long bound);

    [LoggerMessage(5, LogLevel.Warning, "{Provider} gave no count of a call's input: {Reason}.")]
    public static partial void NotCounted(ILogger logger, Exception? exception, string provider, string reason);

    [LoggerMessage(6, LogLevel.Warning,
        "The budget of agent {Agent} is closed, as the store was restored; the back-up has {Remaining} left of {HardLimit}. Set it to what is left in truth.")]
    public static partial void Closed(ILogger logger, AgentId agent, Money remaining, Money hardLimit);

    [LoggerMessage(7, LogLevel.Error, "The store cannot commit.")]
    public static partial void StoreNotReady(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "The headers of a provider's answer could not be handed on. The answer was.")]
    public static partial void HeadersNotTaken(ILogger logger, Exception exception);

    [LoggerMessage(9, LogLevel.Error,
        "{Provider} ignored the output cap: it billed {Output} output tokens of {Model}, where {Cap} were asked for at most. {Remedy}")]
    public static partial void CapIgnored(ILogger logger, string provider, long output, long cap, ModelKey model, string remedy);

    [LoggerMessage(10, LogLevel.Error, "A request was answered with 503; its caller was not told why.")]
    public static partial void Withheld(ILogger logger, Exception exception);

    [LoggerMessage(11, LogLevel.Warning,
        "Any process on this machine can create agents and raise budgets here, an agent too. To keep that to yourself, make a key with 'spendguard bootstrap --admin-key', or set CAP_ADMIN_KEY.")]
    public static partial void ControlIsOpen(ILogger logger);

    [LoggerMessage(29, LogLevel.Warning, "{Provider} did not give or take what a batch is made of; nothing is held for it.")]
    public static partial void BatchNotMade(ILogger logger, Exception exception, string provider);

    [LoggerMessage(28, LogLevel.Warning,
        "The results of a batch, reservation {Reservation} of agent {Agent}, settled nothing: {Reason}. What is held for it stays, or what was forfeited; fetch them again.")]
    public static partial void BatchNotSettled(ILogger logger, ReservationId reservation, AgentId agent, string reason);

    [LoggerMessage(30, LogLevel.Warning, "{Notice}")]
    public static partial void OldDatabase(ILogger logger, string notice);

    [LoggerMessage(27, LogLevel.Warning, "CAP_PRICING_SOURCE is bundled: prices are those that ship with SpendGuard, of {GeneratedAt:u} ({AgeInDays} days old). They do not expire and are not updated; when a provider raises its prices, budgets are exceeded unnoticed.")]
    public static partial void Bundled(ILogger logger, DateTimeOffset generatedAt, int ageInDays);
}
