using SpendGuard.Sidecar.Calls;
using SpendGuard.Cli.Numbers;

namespace SpendGuard.Cli.Runs.Asking;

/// <summary>Asks a person whether to raise the budget of a run, and by how much, while the calls wait that it does not carry.</summary>
/// <remarks>One question at a time, whatever number of calls wait. When all of them have gone it is withdrawn. A no is for the rest of the run.</remarks>
/// <param name="write">Shows a text to the person.</param>
/// <param name="read">Reads what the person types up to the next Enter; null when nobody answers any more.</param>
/// <param name="raise">Raises the budget by an amount, once for each number of a raise, and tells its limit.</param>
internal sealed class BudgetQuestion(Action<string> write, Func<CancellationToken, Task<string?>> read, Func<Money, int, Task<Money>> raise) : IApproval
{
    private readonly Lock _lock = new();
    private Asked? _asked;
    private bool _isClosed;
    private int _raises;
    private Money _raisedTo;

    public async ValueTask<bool> AskAsync(AgentId agent, InsufficientBudgetException refusal, CancellationToken cancellationToken)
    {
        Asked asked;
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            if (refusal.Budget!.HardLimit < _raisedTo)
            {
                // It was raised after this call was refused.
                return true;
            }

            asked = _asked ??= Begin(refusal);
            asked.Waiting++;
        }

        try
        {
            return await asked.Answer.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                if (--asked.Waiting == 0)
                {
                    asked.Withdrawn.Cancel();
                    _asked = ReferenceEquals(_asked, asked) ? null : _asked;
                }
            }
        }
    }

    private Asked Begin(InsufficientBudgetException refusal)
    {
        var asked = new Asked();
        asked.Answer = Task.Run(() => ConverseAsync(asked, refusal));
        return asked;
    }

    private async Task<bool> ConverseAsync(Asked asked, InsufficientBudgetException refusal)
    {
        var lacks = refusal.Required - refusal.Budget!.Remaining;
        write($"\r\nspendguard: the budget does not carry the next call, which needs {(refusal.IsByBytes ? $"{refusal.Required} by its bytes, as its exact count is not known" : $"at least {refusal.Required}")}; {refusal.Budget.Remaining} are left of {refusal.Budget.HardLimit}.\r\n");
        try
        {
            while (true)
            {
                write($"spendguard: raise it by how many dollars? (at least {lacks}, which is y; Enter for no) ");
                var typed = await read(asked.Withdrawn.Token);
                if (typed is null || typed.Trim().ToUpperInvariant() is "" or "N" or "NO")
                {
                    return End(asked, isClosed: true);
                }

                var isLeast = typed.Trim().ToUpperInvariant() is "Y" or "YES";
                if (BudgetAmount.TryParse(typed, out var amount) || isLeast)
                {
                    amount = isLeast ? lacks : amount;
                    var limit = await raise(amount, ++_raises);
                    lock (_lock)
                    {
                        _raisedTo = limit;
                    }

                    write($"spendguard: raised by {amount}.\r\n");
                    return End(asked, isClosed: false);
                }

                write($"spendguard: '{typed.Trim()}' is no amount.\r\n");
            }
        }
        catch (OperationCanceledException)
        {
            write("\r\nspendguard: the program has given the call up; the question is withdrawn.\r\n");
            return false;
        }
    }

    private bool End(Asked asked, bool isClosed)
    {
        lock (_lock)
        {
            _isClosed |= isClosed;

            // Calls that come from now on meet another budget, and another question.
            _asked = ReferenceEquals(_asked, asked) ? null : _asked;
        }

        return !isClosed;
    }

    private sealed class Asked
    {
        public CancellationTokenSource Withdrawn { get; } = new();

        public Task<bool> Answer { get; set; } = Task.FromResult(false);

        public int Waiting { get; set; }
    }
}
