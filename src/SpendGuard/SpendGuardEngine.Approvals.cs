using SpendGuard.Budgets;
using SpendGuard.Storage;

namespace SpendGuard;

/// <content>The requests for approval that refused calls have left.</content>
public sealed partial class SpendGuardEngine
{
    /// <summary>The requests for approval, newest first: page by page out of the store, however many there are.</summary>
    /// <param name="state">Only those that are so far; null for all.</param>
    /// <param name="before">The last one that is known already; null to start.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    public IAsyncEnumerable<Approval> ListApprovalsAsync(ApprovalState? state = null, Approval? before = null, CancellationToken cancellationToken = default) =>
        new CurrentApprovals(_store, Time).ReadAsync(state, before, cancellationToken);

    /// <summary>A request for approval; null when there is none with the id.</summary>
    /// <exception cref="StoreUnavailableException">The store does not work.</exception>
    public ValueTask<Approval?> FindApprovalAsync(ApprovalId id, CancellationToken cancellationToken = default) =>
        new CurrentApprovals(_store, Time).FindAsync(id, cancellationToken);

    /// <summary>
    /// Raises the limit that a request for approval is about: <c>await guard.ApproveAsync(id, Money.FromDollars(5), TimeSpan.FromHours(8))</c>. Calls
    /// that were told to wait for it go on. The raise ends by itself; what was spent of it by then stays spent.
    /// </summary>
    /// <param name="id">The request.</param>
    /// <param name="add">What is added to the limit, or to the agent's budget.</param>
    /// <param name="lasting">
    /// For how long, up to 400 days, but no longer than the limit's window. Null for as long as that; where it has no end, such as a budget, until it
    /// is set anew.
    /// </param>
    /// <param name="reason">Why, for the ledger; null to say nothing.</param>
    /// <param name="by">Who does it, for the same.</param>
    /// <param name="cancellationToken">Withdraws the command while it has not been taken up.</param>
    /// <returns>The request. One that was approved before with the same figures is no error, and is not raised twice.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The amount or the time is not above zero, or the time is too long.</exception>
    /// <exception cref="ApprovalNotFoundException">There is no such request.</exception>
    /// <exception cref="ApprovalOverException">It was answered before, otherwise; or what it is about is no more: the window is over, or the limit was set anew.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public ValueTask<Approval> ApproveAsync(
        ApprovalId id, Money add, TimeSpan? lasting = null, string? reason = null, string? by = null, CancellationToken cancellationToken = default) =>
        AnswerAsync(id, asked => new Approve(id, asked.Node, add, lasting, reason, Time.GetUtcNow()) { By = by }, cancellationToken);

    /// <summary>Turns a request for approval down. Calls that wait for it are refused, and no more is asked until the limit is set anew or its next window begins; of one that rolls, for as long as its window is.</summary>
    /// <param name="id">The request.</param>
    /// <param name="reason">Why, for the ledger and for who is refused; null to say nothing.</param>
    /// <param name="by">Who does it, for the ledger.</param>
    /// <param name="cancellationToken">Withdraws the command while it has not been taken up.</param>
    /// <returns>The request. One that was denied before is no error.</returns>
    /// <exception cref="ApprovalNotFoundException">There is no such request.</exception>
    /// <exception cref="ApprovalOverException">It was approved before; or what it is about is no more: the window is over, or the limit was set anew.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    public ValueTask<Approval> DenyAsync(ApprovalId id, string? reason = null, string? by = null, CancellationToken cancellationToken = default) =>
        AnswerAsync(id, asked => new Deny(id, asked.Node, reason, Time.GetUtcNow()) { By = by }, cancellationToken);

    private async ValueTask<Approval> AnswerAsync(ApprovalId id, Func<Approval, ApprovalCommand> answer, CancellationToken cancellationToken)
    {
        var asked = await _store.FindApprovalAsync(id, cancellationToken).ConfigureAwait(false) ?? throw new ApprovalNotFoundException(id);
        var came = await _store.ApplyAsync(answer(asked), cancellationToken).ConfigureAwait(false);
        _parked.Pulse();
        _locked.PulseAll();
        var approval = await FindApprovalAsync(id, CancellationToken.None).ConfigureAwait(false) ?? throw new ApprovalNotFoundException(id);
        return came.Succeeded ? approval : throw new ApprovalOverException(approval);
    }
}
