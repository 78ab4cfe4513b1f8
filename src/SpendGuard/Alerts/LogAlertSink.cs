using Microsoft.Extensions.Logging;

namespace SpendGuard.Alerts;

/// <summary>Writes each alert to the log, as one line, as a warning. Of all processes on a store that have one, one writes it.</summary>
/// <param name="logger">The log.</param>
public sealed class LogAlertSink(ILogger<LogAlertSink> logger) : ISpendAlertSink
{
    /// <summary><c>log</c>.</summary>
    public string Name => "log";

    /// <inheritdoc/>
    public ValueTask SendAsync(Alert alert, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alert);
        Log.Raised(logger, AlertJson.TypeOf(alert.Kind), alert.Id, alert);
        return ValueTask.CompletedTask;
    }
}
