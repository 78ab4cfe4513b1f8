using Microsoft.Extensions.Hosting;

namespace SpendGuard.Cli.Runs.Sidecars;

/// <summary>Signals are the program's: they do not end the sidecar before it.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
