using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;

namespace SpendGuard.Batches;

/// <summary>A batch whose worst case is held. Once its provider has taken it, it is named; else it is ended.</summary>
/// <remarks>
/// Its hold is not renewed: it lives as long as the batch may take, in whatever process, and is forfeited after that. Disposing it without a
/// name or an end forfeits it.
/// </remarks>
[Experimental(ApiTier.Adapters)]
public sealed class ReservedBatch : IAsyncDisposable
{
    private readonly BatchHolds _holds;
    private bool _isDone;

    internal ReservedBatch(BatchHolds holds, Reservation reservation, ImmutableArray<CallGrant> grants) =>
        (_holds, Reservation, Grants) = (holds, reservation, grants);

    /// <summary>The reservation as it was made.</summary>
    public Reservation Reservation { get; }

    /// <summary>The limits that the requests have to be sent with, in their order: those that they asked for.</summary>
    public ImmutableArray<CallGrant> Grants { get; }

    /// <summary>Gives it the name by which its results settle it, see <see cref="SpendGuardEngine.FindBatchAsync"/>.</summary>
    /// <param name="name">The name, which no other batch has.</param>
    /// <returns>Whether the store has it. If not, the engine tries again until it has; a batch that never gets its name is forfeited when its hold expires.</returns>
    public ValueTask<bool> NameAsync(string name)
    {
        _isDone = true;
        return _holds.NameAsync(Reservation, name);
    }

    /// <summary>Ends a batch that the provider has not taken: released where that is known to have cost nothing, else forfeited.</summary>
    /// <param name="report">What came back.</param>
    public ValueTask<Settlement> EndAsync(ProviderReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        _isDone = true;
        var isUnbilled = report is { Usage: null or { IsZero: true }, StatedCost: null, LeastCost: null }
            && (report.Unbilled || (report.Overloaded && !_holds.ForfeitsOverloads));
        return isUnbilled ? _holds.ReleaseAsync(Reservation) : _holds.ForfeitAsync(Reservation, report.Reason ?? "nobody told whether the provider has taken the batch");
    }

    /// <summary>Forfeits it, unless it was named or ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isDone)
        {
            await EndAsync(ProviderReport.Unknown("the batch was abandoned")).ConfigureAwait(false);
        }
    }
}
