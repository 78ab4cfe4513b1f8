using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;
using SpendGuard.Calls;
using SpendGuard.Calls.Runs;
using SpendGuard.Telemetry;

namespace SpendGuard;

/// <summary>A call to a tool whose price is held. It has to be ended exactly once: settled, released or forfeited.</summary>
/// <remarks>
/// Settle it when the tool has answered. Release it when the tool was not run. A tool that failed may have been billed for: forfeit
/// it, or dispose it without an end, which does the same. None of it fails when the store does: the settlement is pending then.
/// </remarks>
[Experimental(ApiTier.Adapters)]
public sealed class ReservedToolCall : IAsyncDisposable, IOpenCall
{
    private readonly CallsInFlight _inFlight;
    private readonly RunHold? _inRun;
    private OnceEnded _ended;

    internal ReservedToolCall(CallsInFlight inFlight, Reservation reservation, RunHold? inRun)
    {
        _inFlight = inFlight;
        _inRun = inRun;
        Reservation = reservation;
    }

    /// <summary>The reservation as it was made.</summary>
    public Reservation Reservation { get; }

    RunHold? IOpenCall.InRun => _inRun;

    CallLabels IOpenCall.Labels => CallLabels.OfTool(Reservation.Function ?? "");

    /// <summary>Ends the call at its price.</summary>
    /// <exception cref="InvalidOperationException">The call has ended already.</exception>
    public ValueTask<Settlement> SettleAsync()
    {
        _ended.ByCaller(Reservation.Id);
        return _inFlight.SettleAsync(this, Reservation.Held);
    }

    /// <summary>Ends the call at nothing. Only for a tool that was not run.</summary>
    /// <exception cref="InvalidOperationException">The call has ended already.</exception>
    public ValueTask<Settlement> ReleaseAsync()
    {
        _ended.ByCaller(Reservation.Id);
        return _inFlight.ReleaseAsync(this);
    }

    /// <summary>Ends the call at its price, because nobody can tell whether it was billed.</summary>
    /// <param name="reason">Why not, for the log.</param>
    /// <exception cref="InvalidOperationException">The call has ended already.</exception>
    public ValueTask<Settlement> ForfeitAsync(string reason)
    {
        _ended.ByCaller(Reservation.Id);
        return _inFlight.ForfeitAsync(this, reason);
    }

    /// <summary>Forfeits the call if it has not been ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ended.TryByCaller())
        {
            await _inFlight.ForfeitAsync(this, "the tool call was abandoned").ConfigureAwait(false);
        }
    }

    async ValueTask IOpenCall.ReleaseAsync() => await ReleaseAsync().ConfigureAwait(false);

    async ValueTask IOpenCall.GiveUpAsync()
    {
        if (_ended.TryByEngine())
        {
            await _inFlight.ForfeitAsync(this, "the tool call was abandoned").ConfigureAwait(false);
        }
    }
}
