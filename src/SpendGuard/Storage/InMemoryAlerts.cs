using SpendGuard.Alerts;

namespace SpendGuard.Storage;

/// <summary>The alerts of an <see cref="InMemoryBudgetStore"/>.</summary>
internal sealed class InMemoryAlerts : IAlertOutbox
{
    private readonly Lock _lock = new();
    private readonly List<Alert> _alerts = [];
    private readonly SortedDictionary<string, DateTimeOffset> _sinks = new(StringComparer.Ordinal);
    private readonly Dictionary<(long Sequence, string Sink), Row> _rows = [];

    /// <summary>Raises alerts, as a store does in the transaction that makes them true.</summary>
    public void Add(IEnumerable<Alert> alerts)
    {
        lock (_lock)
        {
            foreach (var alert in alerts.Where(alert => !_alerts.Exists(kept => kept.Id == alert.Id)))
            {
                _alerts.Add(alert);
                foreach (var sink in _sinks.Keys)
                {
                    _rows[(_alerts.Count, sink)] = new Row { DueAt = alert.At };
                }
            }
        }
    }

    public ValueTask RegisterAsync(string sink, DateTimeOffset since, TimeSpan forgetAfter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var isNew = !_sinks.ContainsKey(sink);
            _sinks[sink] = now;
            foreach (var sequence in isNew ? Sequences(alert => alert.At >= since) : [])
            {
                _rows[(sequence, sink)] = new Row { DueAt = now };
            }

            foreach (var gone in _sinks.Where(known => known.Key != sink && now - known.Value >= forgetAfter).Select(known => known.Key).ToList())
            {
                _sinks.Remove(gone);
                foreach (var key in _rows.Keys.Where(key => key.Sink == gone).ToList())
                {
                    _rows.Remove(key);
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<DueAlert?> TakeAsync(string sink, TimeSpan lease, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var due = _rows
                .Where(row => row.Key.Sink == sink && row.Value.DueAt <= now)
                .OrderBy(row => row.Value.DueAt)
                .ThenBy(row => row.Key.Sequence)
                .Select(row => ((long, string)?)row.Key)
                .FirstOrDefault();
            if (due is not (var sequence, _) key)
            {
                return new ValueTask<DueAlert?>((DueAlert?)null);
            }

            var taken = _rows[key];
            taken = _rows[key] = taken with { Attempts = taken.Attempts + 1, Lease = taken.Lease + 1, DueAt = now + lease };
            return new ValueTask<DueAlert?>(new DueAlert
            {
                Sequence = sequence,
                Alert = _alerts[(int)sequence - 1],
                Sink = sink,
                Attempt = taken.Attempts,
                Lease = taken.Lease,
            });
        }
    }

    public ValueTask<bool> MarkDeliveredAsync(DueAlert alert, DateTimeOffset now, CancellationToken cancellationToken) =>
        Mark(alert, row => row with { DeliveredAt = now, DueAt = null, Failure = null }, cancellationToken);

    public ValueTask<bool> MarkFailedAsync(DueAlert alert, string failure, TimeSpan? retryIn, DateTimeOffset now, CancellationToken cancellationToken) =>
        Mark(alert, row => row with { Failure = failure, DueAt = now + retryIn }, cancellationToken);

    public ValueTask<IReadOnlyList<KeptAlert>> ListAsync(long? before, NodeId? node, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new ValueTask<IReadOnlyList<KeptAlert>>(
                [.. Sequences(alert => node is null || alert.Node == node)
                    .Reverse()
                    .Where(sequence => !(sequence >= before))
                    .Take(limit)
                    .Select(sequence => new KeptAlert { Sequence = sequence, Alert = _alerts[(int)sequence - 1], Progress = ProgressOf(sequence) })]);
        }
    }

    public ValueTask<int> ReplayAsync(AlertSelection which, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var sequences = Sequences(alert => (which.Id is null || alert.Id == which.Id) && !(alert.At < which.Since)).ToList();
            foreach (var key in sequences.SelectMany(sequence => _sinks.Keys.Select(sink => (sequence, sink))))
            {
                _rows[key] = new Row { DueAt = now, Lease = (_rows.GetValueOrDefault(key)?.Lease ?? 0) + 1 };
            }

            return new ValueTask<int>(sequences.Count);
        }
    }

    private IEnumerable<long> Sequences(Func<Alert, bool> fits) =>
        _alerts.Select((alert, at) => (alert, Sequence: at + 1L)).Where(kept => fits(kept.alert)).Select(kept => kept.Sequence);

    private IReadOnlyList<AlertProgress> ProgressOf(long sequence) =>
        [.. from sink in _sinks.Keys
            let row = _rows.GetValueOrDefault((sequence, sink))
            where row is not null
            select new AlertProgress { Sink = sink, Attempts = row.Attempts, DeliveredAt = row.DeliveredAt, DueAt = row.DueAt, Failure = row.Failure }];

    private ValueTask<bool> Mark(DueAlert alert, Func<Row, Row> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var key = (alert.Sequence, alert.Sink);
            var isMine = _rows.TryGetValue(key, out var row) && row.Lease == alert.Lease;
            if (isMine)
            {
                _rows[key] = change(row!);
            }

            return new ValueTask<bool>(isMine);
        }
    }

    private sealed record Row
    {
        public int Attempts { get; init; }

        public long Lease { get; init; }

        public DateTimeOffset? DueAt { get; init; }

        public DateTimeOffset? DeliveredAt { get; init; }

        public string? Failure { get; init; }
    }
}
