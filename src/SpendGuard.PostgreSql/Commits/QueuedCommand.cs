using SpendGuard.Budgets;

namespace SpendGuard.PostgreSql.Commits;

/// <summary>A command that waits for its commit, and its caller's answer.</summary>
internal sealed class QueuedCommand(BudgetCommand command, TimeProvider clock)
{
    private const int Queued = 0;
    private const int TakenUp = 1;
    private const int Withdrawn = 2;

    private readonly TaskCompletionSource<BudgetAnswer> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _since = clock.GetTimestamp();
    private CancellationTokenRegistration _cancellation;
    private int _state;

    public BudgetCommand Command { get; } = command;

    public Task<BudgetAnswer> Task => _completion.Task;

    public TimeSpan Age => clock.GetElapsedTime(_since);

    public void WithdrawWhen(CancellationToken cancellationToken) => _cancellation = cancellationToken.UnsafeRegister(
        static (state, token) =>
        {
            var queued = (QueuedCommand)state!;
            if (Interlocked.CompareExchange(ref queued._state, Withdrawn, Queued) == Queued)
            {
                queued._completion.TrySetCanceled(token);
            }
        },
        this);

    /// <summary>Takes it up, unless it has been withdrawn. From then on it is finished, however often that is tried.</summary>
    public bool TryTakeUp() => Interlocked.CompareExchange(ref _state, TakenUp, Queued) != Withdrawn;

    public void Answer(BudgetAnswer answer)
    {
        _cancellation.Unregister();
        _completion.TrySetResult(answer);
    }

    public void Fail(Exception exception)
    {
        _cancellation.Unregister();
        _completion.TrySetException(exception);
    }
}
