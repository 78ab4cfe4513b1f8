namespace SpendGuard.Sidecar;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "No readable answer came from {Provider} for reservation {Reservation}.")]
    public static partial void ProviderFailed(ILogger logger, Exception? exception, string provider, ReservationId reservation);

    [LoggerMessage(2, LogLevel.Error, "A request failed that should not have.")]
    public static partial void Defect(ILogger logger, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "No readable answer came from {Provider} to a request that is not billed.")]
    public static partial void PassThroughFailed(ILogger logger, Exception? exception, string provider);
}
