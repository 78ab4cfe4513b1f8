using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>A store that tells when it has applied something, so that tests wait for what happens in the background without sleeping.</summary>
internal sealed class WatchedStore(IBudgetStore inner) : DelegatingBudgetStore(inner)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action<BudgetCommand>? _onApplied;

    /// <summary>Which commands cannot be committed.</summary>
    public Predicate<BudgetCommand> Refuse { get; set; } = _ => false;

    public override async ValueTask<BudgetAnswer> ApplyAsync(BudgetCommand command, CancellationToken cancellationToken)
    {
        if (Refuse(command))
        {
            throw new StoreUnavailableException("The disk is full.");
        }

        var answer = await Inner.ApplyAsync(command, cancellationToken);
        Interlocked.Exchange(ref _applied, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        _onApplied?.Invoke(command);
        return answer;
    }

    /// <summary>Waits, with bounded patience, for the next command of a kind to be applied, from now on.</summary>
    public Task AppliedAsync<T>()
        where T : BudgetCommand
    {
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _onApplied = command =>
        {
            if (command is T)
            {
                next.TrySetResult();
            }
        };
        return next.Task.WaitAsync(Patience);
    }

    /// <summary>Waits, with bounded patience, until the ledger fulfils a condition.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> UntilAsync(Predicate<IReadOnlyList<LedgerEntry>> condition)
    {
        while (true)
        {
            var applied = Volatile.Read(ref _applied).Task;
            var ledger = await Inner.ReadLedgerAsync(0, agent: null, limit: int.MaxValue, CancellationToken.None);
            if (condition(ledger))
            {
                return ledger;
            }

            await applied.WaitAsync(Patience);
        }
    }

    /// <summary>Leaves the inner store open: tests read the ledger after the engine has gone.</summary>
    [SuppressMessage("Usage", "CA2215", Justification = "That is what it is for.")]
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public ValueTask CloseAsync() => Inner.DisposeAsync();
}
