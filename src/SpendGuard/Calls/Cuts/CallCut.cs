using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;

namespace SpendGuard.Calls.Cuts;

/// <summary>Whether one call has been cut, and why. All attempts of a call share it, so that a cut of any is one of the call.</summary>
[SuppressMessage("Design", "CA1001", Justification = "There is no timer and no wait handle in the source to be freed.")]
internal sealed class CallCut
{
    private readonly CancellationTokenSource _source = new();
    private PausedNode? _pausedBy;

    /// <summary>Cancelled when the call is cut. <see cref="PausedBy"/> is there by then.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whose pause has cut it; null while none has.</summary>
    public PausedNode? PausedBy => Volatile.Read(ref _pausedBy);

    /// <summary>Says why the call is cut; to be followed by <see cref="TellAsync"/>.</summary>
    /// <returns>Whether it had not been cut before.</returns>
    public bool TryCut(PausedNode by) => Interlocked.CompareExchange(ref _pausedBy, by, null) is null;

    /// <summary>Cancels the token at once; ends when all who listen to it have been told.</summary>
    public Task TellAsync() => _source.CancelAsync();
}
