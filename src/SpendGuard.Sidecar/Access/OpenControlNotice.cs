namespace SpendGuard.Sidecar.Access;

/// <summary>Says at start that an agent on this machine could raise its own budget, while nothing keeps it from that.</summary>
internal sealed class OpenControlNotice(AdminKey adminKey, ILogger<OpenControlNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!adminKey.IsSet)
        {
            Log.ControlIsOpen(logger);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
