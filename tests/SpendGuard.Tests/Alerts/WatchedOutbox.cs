using SpendGuard.Alerts;
using SpendGuard.Storage;

namespace SpendGuard.Tests.Alerts;

/// <summary>An outbox as one process sees it, which may lose its store.</summary>
internal sealed class WatchedOutbox(InMemoryAlerts inner) : IAlertOutbox
{
    private int _underWay;
    private int _refused;

    /// <summary>Whether the process has lost its store.</summary>
    public bool IsLost { get; set; }

    /// <summary>How often it was turned away since.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>How many alerts it has taken and said nothing of yet.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    public ValueTask RegisterAsync(string sink, DateTimeOffset since, TimeSpan forgetAfter, DateTimeOffset now, CancellationToken cancellationToken) =>
        Store().RegisterAsync(sink, since, forgetAfter, now, cancellationToken);

    public async ValueTask<DueAlert?> TakeAsync(string sink, TimeSpan lease, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _underWay);
        DueAlert? due = null;
        try
        {
            due = await Store().TakeAsync(sink, lease, now, cancellationToken);
            return due;
        }
        finally
        {
            Interlocked.Add(ref _underWay, due is null ? -1 : 0);
        }
    }

    public async ValueTask<bool> MarkDeliveredAsync(DueAlert alert, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var isMine = await Store().MarkDeliveredAsync(alert, now, cancellationToken);
        Interlocked.Decrement(ref _underWay);
        return isMine;
    }

    public async ValueTask<bool> MarkFailedAsync(DueAlert alert, string failure, TimeSpan? retryIn, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var isMine = await Store().MarkFailedAsync(alert, failure, retryIn, now, cancellationToken);
        Interlocked.Decrement(ref _underWay);
        return isMine;
    }

    public ValueTask<IReadOnlyList<KeptAlert>> ListAsync(long? before, NodeId? node, int limit, CancellationToken cancellationToken) =>
        Store().ListAsync(before, node, limit, cancellationToken);

    public ValueTask<int> ReplayAsync(AlertSelection which, DateTimeOffset now, CancellationToken cancellationToken) =>
        Store().ReplayAsync(which, now, cancellationToken);

    private InMemoryAlerts Store()
    {
        if (IsLost)
        {
            Interlocked.Increment(ref _refused);
            throw new InvalidOperationException("The store is gone.");
        }

        return inner;
    }
}
