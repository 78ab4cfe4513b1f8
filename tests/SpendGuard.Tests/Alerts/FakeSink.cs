using System.Collections.Concurrent;
using SpendGuard.Alerts;

namespace SpendGuard.Tests.Alerts;

/// <summary>Does with alerts what a test tells it to, and remembers which came.</summary>
internal sealed class FakeSink(string name, Func<Alert, CancellationToken, Task> send) : ISpendAlertSink
{
    private readonly ConcurrentQueue<string> _came = [];

    public string Name => name;

    /// <summary>The ids, each as often as it was tried.</summary>
    public IReadOnlyCollection<string> Came => _came;

    public static FakeSink Taking(string name) => new(name, static (_, _) => Task.CompletedTask);

    public async ValueTask SendAsync(Alert alert, CancellationToken cancellationToken)
    {
        _came.Enqueue(alert.Id);
        await send(alert, cancellationToken);
    }
}
