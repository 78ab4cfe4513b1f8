using SpendGuard.Budgets;

namespace SpendGuard.PostgreSql.Commits;

/// <summary>One try to commit a batch: what its commands made of what was loaded, and the id by which it is found again.</summary>
internal sealed class Attempt(IReadOnlyList<QueuedCommand> commands, WorkingSet work)
{
    private readonly List<(QueuedCommand Queued, BudgetAnswer? Answer, Exception? Failure)> _results = [];

    public Guid Batch { get; } = Guid.NewGuid();

    public WorkingSet Work { get; } = work;

    /// <summary>Whether a caller is told that something was done before. That stands only if what was read is durable.</summary>
    public bool TellsOfEarlier => _results.Exists(result => result.Answer?.Status is BudgetStatus.Replayed or BudgetStatus.Ended);

    /// <summary>Does the commands that have not been withdrawn, in memory.</summary>
    public void Decide()
    {
        foreach (var queued in commands)
        {
            // Only now, when there is nothing more to wait for but the commit, is it too late to withdraw.
            if (!queued.TryTakeUp())
            {
                continue;
            }

            try
            {
                _results.Add((queued, Work.Apply(queued.Command), null));
            }
            catch (Exception exception) when (exception is ArgumentException or OverflowException)
            {
                // What is wrong with one command is no concern of the others.
                _results.Add((queued, null, exception));
            }
        }
    }

    /// <summary>Gives the callers their answers: the commit stands.</summary>
    /// <param name="before">The last place of the ledger that was taken before this batch's entries.</param>
    public void Complete(long before)
    {
        foreach (var (queued, answer, failure) in _results)
        {
            if (failure is not null)
            {
                queued.Fail(failure);
            }
            else
            {
                queued.Answer(answer!.Sequence == 0 ? answer : answer with { Sequence = before + answer.Sequence });
            }
        }
    }
}
