using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using SpendGuard.Billing;
using SpendGuard.Calls.Wire;
using SpendGuard.Providers;

namespace SpendGuard;

/// <summary>A reserved call and the attempts that it makes on the wire: each that may be billed has a hold before it is sent.</summary>
/// <remarks>
/// <para>
/// The call's hold pays for the first attempt. When another one begins, by a retry or a hedge anywhere below, the hold goes on to it if the one
/// before provably cost nothing. Otherwise it is unknown what that one cost: its hold is forfeited once it has ended, and the new one gets a
/// hold of the same size. Where that does not fit the budget, the attempt is not sent.
/// </para>
/// <para>
/// Attempts are requests by .NET's HTTP handler, in the flow between <see cref="Enter"/> and the end of what that returns, and in all that is
/// started within. A request that asks for nothing, such as a GET, is none.
/// </para>
/// </remarks>
[Experimental(ApiTier.Adapters)]
public sealed class CallAttempts : IAsyncDisposable
{
    private readonly ReservedCall _first;
    private readonly AttemptHolds _holds;
    private readonly HttpRequests _requests;
    private readonly Func<string, bool> _isOther;
    private readonly Func<ValueTask<ReservedCall>> _holdAgain;
    private readonly ConcurrentDictionary<Strays.Endpoint, bool> _endpoints = new();
    private readonly long _straysBefore;
    private int _ended;
    private volatile bool _leftToEngine;

    internal CallAttempts(
        ReservedCall first,
        HttpRequests requests,
        Func<string, bool> isOther,
        Vendor server,
        Uri? address,
        Func<ValueTask<ReservedCall>> holdAgain)
    {
        _first = first;
        _holds = new AttemptHolds(first, server);
        _requests = requests;
        _isOther = isOther;
        _holdAgain = holdAgain;
        _straysBefore = requests.Strays.Count;
        if (Strays.Endpoint.Of(address) is { } endpoint)
        {
            _endpoints[endpoint] = false;
            requests.Strays.Expect(endpoint);
        }
    }

    /// <summary>The call.</summary>
    public ReservedCall Call => _first;

    /// <summary>How many attempts have been seen.</summary>
    public int Count => _holds.Count;

    /// <summary>Whether attempts were seen, and all of them are known to have cost nothing.</summary>
    public bool AllUnbilled => Count > 0 && _holds.NothingOwed;

    /// <summary>Whether attempts were seen, and no connection was made for any of them.</summary>
    public bool NeverSent => AllUnbilled && !_holds.AnySent;

    /// <summary>Whether requests were seen that are no attempts, because they went to other hosts than a model's.</summary>
    public bool SawOthers { get; private set; }

    /// <summary>
    /// How many requests were given to an HTTP client, or to the pipeline of an SDK, that were not seen to be sent: whatever sends below it
    /// cannot be seen, or nothing has come of them. Null where that cannot be told.
    /// </summary>
    public int? Unseen => GivenRequests.IsSupported ? Seen.Unseen : null;

    /// <summary>Whether a request was answered that was not seen to be sent.</summary>
    public bool AnsweredUnseen => Seen.AnsweredUnseen;

    /// <summary>Whether, while the call was under way, this process sent a request to where the call goes that belongs to no call under way.</summary>
    public bool SawStray => _endpoints.IsEmpty
        ? _requests.Strays.Count > _straysBefore
        : _endpoints.Keys.Any(endpoint => _requests.Strays.AnySince(_straysBefore, endpoint));

    /// <summary>Why the last attempt was not sent; null if it was.</summary>
    public SpendGuardException? Refusal { get; private set; }

    internal SeenRequests Seen { get; } = new();

    /// <summary>Whether a request, be it to another host than a model's, was seen to be answered with a status.</summary>
    /// <param name="status">The HTTP status.</param>
    public bool SawStatus(int status) => Seen.SawStatus(status);

    /// <summary>Makes what is sent from here on in this flow the call's attempts.</summary>
    /// <returns>Ends that when it is disposed of, in the same flow.</returns>
    public IDisposable Enter() => new Flow(_requests, _requests.Exchange(this));

    /// <summary>
    /// Ends the call by what came back. The report is that of one attempt; what others cost that may have been billed is unknown, and their
    /// holds are forfeited.
    /// </summary>
    /// <param name="report">What the provider's answer says.</param>
    /// <returns>How the call ended, with what was held for and charged for all of its attempts.</returns>
    /// <exception cref="InvalidOperationException">The call has ended already.</exception>
    /// <exception cref="StoreUnavailableException">The store could not commit; the engine keeps trying, and the holds stay till then.</exception>
    public ValueTask<Settlement> EndAsync(ProviderReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Interlocked.Exchange(ref _ended, 1) == 0
            ? _holds.EndAsync(report)
            : throw new InvalidOperationException($"Reservation '{_first.Reservation.Id}' has been ended already.");
    }

    /// <inheritdoc cref="ReservedCall.Follow"/>
    public void Follow(Func<ProviderReport> said)
    {
        ArgumentNullException.ThrowIfNull(said);
        _holds.Follow(said);
    }

    /// <inheritdoc cref="ReservedCall.EndInBackground"/>
    public void EndInBackground(Func<CancellationToken, Task> end, TimeSpan within)
    {
        ArgumentNullException.ThrowIfNull(end);
        _leftToEngine = true;
        _first.EndInBackground(
            async timeUp =>
            {
                try
                {
                    await end(timeUp).ConfigureAwait(false);
                }
                finally
                {
                    await GiveUpAsync().ConfigureAwait(false);
                }
            },
            within);
    }

    /// <summary>Gives up what is held for the call if it has neither been ended nor left to the engine.</summary>
    public ValueTask DisposeAsync() => _leftToEngine ? ValueTask.CompletedTask : GiveUpAsync();

    /// <summary>Holds for an attempt that is about to be sent.</summary>
    /// <returns>The attempt; null for a request that is none.</returns>
    /// <exception cref="SpendGuardException">Nothing can be held for it.</exception>
    /// <exception cref="AttemptRefusedException">The same, while others are under way.</exception>
    /// <exception cref="NodePausedException">The call was cut.</exception>
    /// <exception cref="InvalidOperationException">The call has ended.</exception>
    internal Attempt? Begin(Strays.Endpoint to)
    {
        if (_isOther(to.Host))
        {
            SawOthers = true;
            return null;
        }

        if (Volatile.Read(ref _ended) != 0 && !_endpoints.GetValueOrDefault(to))
        {
            // Something that was started within the call and lives on, such as what exports telemetry, or sends for other calls.
            _requests.Strays.Add(to);
            return null;
        }

        _requests.Strays.Expect(to);
        _endpoints[to] = true;
        return TryBegin(to.Host) ?? BeginWithAnotherHold(to.Host);
    }

    internal void Ended(Attempt attempt, int? status, string? error) => _holds.End(attempt, status, error);

    /// <summary>Nothing more is sent of a call that was cut, whatever is held for it.</summary>
    private Attempt? TryBegin(string host)
    {
        if (_first.PausedBy is not null)
        {
            Refusal = _first.CutRefusal();
            throw Refusal;
        }

        return _holds.TryBegin(host);
    }

    private Attempt BeginWithAnotherHold(string host)
    {
        try
        {
            // Whoever sends does not wait here for what is not there yet, and nothing may be sent before the hold is.
            Task.Run(HoldAgainAsync).GetAwaiter().GetResult();
            Refusal = null;
        }
        catch (SpendGuardException refusal) when (_holds.AnyUnpaid)
        {
            throw new AttemptRefusedException(refusal);
        }
        catch (SpendGuardException refusal)
        {
            Refusal = refusal;
            throw;
        }

        return TryBegin(host) ?? BeginWithAnotherHold(host);
    }

    private async Task HoldAgainAsync()
    {
        // The store may be asked over HTTP too.
        _requests.Exchange(null);
        await _holds.ForfeitEndedAsync().ConfigureAwait(false);
        _holds.Put(await _holdAgain().ConfigureAwait(false));
    }

    private ValueTask GiveUpAsync() =>
        Interlocked.Exchange(ref _ended, 1) == 0 ? _holds.GiveUpAsync() : ValueTask.CompletedTask;

    private sealed class Flow(HttpRequests requests, CallAttempts? before) : IDisposable
    {
        public void Dispose() => requests.Exchange(before);
    }
}
