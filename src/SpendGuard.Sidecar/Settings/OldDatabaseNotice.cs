namespace SpendGuard.Sidecar.Settings;

/// <summary>Says at start that the database is one in the working folder, which is another when the sidecar is started elsewhere.</summary>
internal sealed class OldDatabaseNotice(string notice, ILogger<OldDatabaseNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Log.OldDatabase(logger, notice);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
