using SpendGuard.Alerts;
using SpendGuard.Budgets;

namespace SpendGuard.Storage.Sqlite;

/// <summary>Something that waits for the writer.</summary>
internal abstract class SqliteWork
{
    private const int Queued = 0;
    private const int TakenUp = 1;
    private const int Withdrawn = 2;

    private int _state;

    /// <summary>Whether it needs the lock for writing.</summary>
    public abstract bool Writes { get; }

    /// <summary>Takes it up, unless it has been withdrawn. From then on it is finished.</summary>
    public bool TryTakeUp() => Interlocked.CompareExchange(ref _state, TakenUp, Queued) == Queued;

    /// <summary>Reads, and finds out what to write. What it throws, other than an error of SQLite, concerns this work alone.</summary>
    public abstract void Decide(SqliteSession session);

    /// <summary>Writes what was decided. What it throws undoes the whole batch.</summary>
    public virtual void Write(SqliteSession session)
    {
    }

    /// <summary>Remembers that deciding failed.</summary>
    public abstract void Reject(Exception exception);

    /// <summary>Gives the caller its answer: the batch is committed.</summary>
    public abstract void Complete();

    /// <summary>Gives the caller an error: the batch is undone.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>Withdraws it, unless it has been taken up. It is never answered then.</summary>
    public bool TryWithdraw() => Interlocked.CompareExchange(ref _state, Withdrawn, Queued) == Queued;

    /// <summary>Whether its caller has gone, and is told so by whoever withdrew it.</summary>
    protected bool IsWithdrawn => Volatile.Read(ref _state) == Withdrawn;
}

/// <summary>Something that waits for the writer, and what its caller is told.</summary>
internal abstract class SqliteWork<T> : SqliteWork
{
    // The writer's thread never runs the callers' code.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancellation;
    private Exception? _rejection;

    public Task<T> Task => _completion.Task;

    protected T? Answer { get; set; }

    public void WithdrawWhen(CancellationToken cancellationToken) => _cancellation = cancellationToken.UnsafeRegister(
        static (state, token) =>
        {
            var work = (SqliteWork<T>)state!;
            if (work.TryWithdraw())
            {
                work._completion.TrySetCanceled(token);
            }
        },
        this);

    public override void Reject(Exception exception) => _rejection = exception;

    public override void Complete()
    {
        _cancellation.Unregister();
        if (IsWithdrawn)
        {
            return;
        }

        if (_rejection is not null)
        {
            _completion.TrySetException(_rejection);
        }
        else
        {
            _completion.TrySetResult(Answer!);
        }
    }

    public override void Fail(Exception exception)
    {
        _cancellation.Unregister();
        _completion.TrySetException(exception);
    }
}

/// <summary>A command.</summary>
internal sealed class SqliteCommandWork(BudgetCommand command) : SqliteWork<BudgetAnswer>
{
    private Transition? _transition;
    private IReadOnlyList<Alert> _alerts = [];

    public override bool Writes => true;

    public override void Decide(SqliteSession session)
    {
        _transition = session.Decide(command);
        _alerts = AlertRules.Of(_transition);
    }

    public override void Write(SqliteSession session)
    {
        Answer = _transition!.ToAnswer(session.Save(_transition)) with { HasAlerts = _alerts.Count > 0 };
        foreach (var alert in _alerts)
        {
            session.Alerts.Raise(alert);
        }
    }
}

/// <summary>Asks for nothing but the open file.</summary>
internal sealed class SqliteOpenWork : SqliteWork<bool>
{
    public override bool Writes => false;

    public override void Decide(SqliteSession session)
    {
    }
}
