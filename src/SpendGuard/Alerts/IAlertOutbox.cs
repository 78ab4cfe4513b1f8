using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Alerts;

/// <summary>Keeps the alerts of a store, and how far each is with each sink.</summary>
/// <remarks>
/// <para>
/// An alert comes in with the ledger's transaction that raises it: the alert, and for every sink that is registered by then a row that says it
/// is due at once. Both are committed with the entry, or nothing is. An id that is kept already is not raised again.
/// </para>
/// <para>
/// A row is (sequence, sink), with <c>attempts</c>, <c>lease</c>, <c>due_at</c>, <c>delivered_at</c> and <c>failure</c>. A row that is leased is
/// due when its lease ends, so that one date says both. Each method is one atomic step, and durable when it answers. Times are those of the
/// caller's clock; a store with a clock of its own goes by that in their place. Implementations are thread-safe.
/// </para>
/// </remarks>
[Experimental(ApiTier.Stores)]
public interface IAlertOutbox
{
    /// <summary>
    /// Says that a sink is there. For one that is new, rows are made for the alerts that were raised since a time, and from now on for all that
    /// are raised. For one that is known, only the time is noted. Others that nobody has registered for a while are forgotten, with their rows.
    /// </summary>
    /// <param name="sink">The name of the sink: 1 to 200 visible characters.</param>
    /// <param name="since">The first alerts that are for a new sink, by <see cref="Alert.At"/>.</param>
    /// <param name="forgetAfter">The while after which a sink is forgotten.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    ValueTask RegisterAsync(string sink, DateTimeOffset since, TimeSpan forgetAfter, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the row of a sink that is due, the one that has been so for longest and of those the one that was raised first: one more attempt, one
    /// more lease, due when the lease ends. Two callers never take the same one. Where none is due, nothing is written, and nobody is made to
    /// wait.
    /// </summary>
    /// <param name="sink">The name of the sink.</param>
    /// <param name="lease">How long nobody else takes it.</param>
    /// <param name="now">The time: what is due now or earlier.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The alert; null when none is due.</returns>
    /// <exception cref="StoreUnavailableException">The store could not commit. What was taken for nobody is due when its lease ends.</exception>
    ValueTask<DueAlert?> TakeAsync(string sink, TimeSpan lease, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Notes that a sink has an alert: delivered now, due no more. Only if nobody has taken or replayed it since.</summary>
    /// <param name="alert">The alert, as it was taken.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was noted; false when somebody else has taken it meanwhile, which has a say in it now.</returns>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    ValueTask<bool> MarkDeliveredAsync(DueAlert alert, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Notes that an attempt failed, and when the next is due. Only if nobody has taken or replayed it since.</summary>
    /// <param name="alert">The alert, as it was taken.</param>
    /// <param name="failure">Why, for people; at most 500 characters.</param>
    /// <param name="retryIn">When it is due again, from now; null when it is given up, and due no more.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was noted; false as for <see cref="MarkDeliveredAsync"/>.</returns>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    ValueTask<bool> MarkFailedAsync(DueAlert alert, string failure, TimeSpan? retryIn, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>A page of the alerts, newest first.</summary>
    /// <param name="before">The last alert that is known already, by its sequence; null to start.</param>
    /// <param name="node">Only this node's; null for all.</param>
    /// <param name="limit">The most to return.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<KeptAlert>> ListAsync(long? before, NodeId? node, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Makes alerts due at once for every sink that is registered, whether they were delivered, given up, or raised before the sink was there:
    /// no attempts, no failure, not delivered, and one more lease, so that who has taken one before has no say in it any more.
    /// </summary>
    /// <param name="which">Which alerts.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many alerts.</returns>
    /// <exception cref="StoreUnavailableException">The store could not commit.</exception>
    ValueTask<int> ReplayAsync(AlertSelection which, DateTimeOffset now, CancellationToken cancellationToken);
}
