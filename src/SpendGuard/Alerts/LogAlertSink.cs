using Microsoft.Extensions.Logging;

namespace SpendGuard.Alerts;

/// <summary>Writes each alert to the log, as one line.</summary>
internal sealed class LogAlertSink(ILogger logger) : ISpendAlertSink
{
    public string Name => "log";

    public ValueTask SendAsync(Alert alert, CancellationToken cancellationToken)
    {
        Log.Raised(logger, AlertJson.TypeOf(alert.Kind), alert.Id, alert);
        return ValueTask.CompletedTask;
    }
}
