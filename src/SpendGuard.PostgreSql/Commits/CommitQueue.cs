using System.Threading.Channels;
using SpendGuard.Budgets;

namespace SpendGuard.PostgreSql.Commits;

/// <summary>Gathers commands while commits are under way, so that many callers share one.</summary>
/// <remarks>
/// There is no delay to gather more: while the database is busy with one batch, the next one queues up. So the concurrent commands of
/// a process on one agent become one change of its budget, and those on other agents go along. Several lanes commit at once, so that
/// a batch is loaded while another one is written.
/// </remarks>
internal sealed class CommitQueue : IAsyncDisposable
{
    private readonly Channel<QueuedCommand> _queue = Channel.CreateUnbounded<QueuedCommand>();
    private readonly PostgresStoreOptions _options;
    private readonly Committer _committer;
    private readonly Task _lanes;

    public CommitQueue(PostgresStoreOptions options, Committer committer, int lanes)
    {
        _options = options;
        _committer = committer;
        _lanes = Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(CommitUntilClosedAsync)));
    }

    /// <summary>Queues a command, and gives its answer when it is committed.</summary>
    public ValueTask<BudgetAnswer> EnqueueAsync(BudgetCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var queued = new QueuedCommand(command, _options.Clock);
        queued.WithdrawWhen(cancellationToken);
        ObjectDisposedException.ThrowIf(!_queue.Writer.TryWrite(queued), typeof(PostgresBudgetStore));
        return new ValueTask<BudgetAnswer>(queued.Task);
    }

    /// <summary>Finishes what is queued.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _lanes.ConfigureAwait(false);
    }

    private async Task CommitUntilClosedAsync()
    {
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var batch = new List<QueuedCommand>();
            while (batch.Count < _options.MaxBatch && _queue.Reader.TryRead(out var next))
            {
                if (next.Age > _options.Timeout)
                {
                    next.Fail(new StoreUnavailableException(
                        $"The budget database is too slow: a command waited for its turn for more than {_options.Timeout.TotalSeconds:0.###} s. Nothing was written."));
                }
                else
                {
                    batch.Add(next);
                }
            }

            if (batch.Count > 0)
            {
                await _committer.CommitAsync(batch).ConfigureAwait(false);
            }
        }
    }
}
