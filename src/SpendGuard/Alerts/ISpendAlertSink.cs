namespace SpendGuard.Alerts;

/// <summary>Takes alerts in: a handler of the application's own, or one that comes with SpendGuard.</summary>
/// <remarks>
/// Of all processes on one store that have a sink of the same name, one sends each alert, in the background and one after the other. What throws,
/// or does not end in 15 seconds, is tried again, up to eight times in the course of a day. An alert may come twice, with the same id.
/// </remarks>
public interface ISpendAlertSink
{
    /// <summary>
    /// Tells this sink from others, in all processes and for good; the name of the type unless set. A sink is given what is raised from the first
    /// time that its name is known.
    /// </summary>
    string Name => GetType().FullName ?? GetType().Name;

    /// <summary>Sends an alert. When this ends without an exception, it is delivered.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="cancellationToken">It takes too long, or the process ends: whoever goes on after this is not waited for.</param>
    ValueTask SendAsync(Alert alert, CancellationToken cancellationToken);
}
