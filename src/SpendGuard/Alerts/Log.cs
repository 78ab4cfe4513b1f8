using Microsoft.Extensions.Logging;

namespace SpendGuard.Alerts;

internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Warning, "{Alert} ({Type}, {Id})")]
    public static partial void Raised(ILogger logger, string type, string id, Alert alert);

    [LoggerMessage(201, LogLevel.Warning, "Alert {Id} was not delivered to {Sink} (attempt {Attempt} of {Attempts}): {Failure} It is tried again in {RetryIn}.")]
    public static partial void NotDelivered(ILogger logger, string id, string sink, int attempt, int attempts, string failure, TimeSpan retryIn);

    [LoggerMessage(202, LogLevel.Error, "Alert {Id} was not delivered to {Sink}, and is given up after {Attempts} attempts: {Failure} It can be replayed.")]
    public static partial void GivenUp(ILogger logger, string id, string sink, int attempts, string failure);

    [LoggerMessage(203, LogLevel.Error, "The receiver {Sink} is gone, as it says itself. It is sent nothing more until this process starts again; what is not delivered by then is kept.")]
    public static partial void Gone(ILogger logger, string sink);

    [LoggerMessage(204, LogLevel.Error, "Alerts for {Sink} wait: the store cannot say which are due, or what became of them. It is asked again.")]
    public static partial void OutboxFailed(ILogger logger, Exception exception, string sink);
}
