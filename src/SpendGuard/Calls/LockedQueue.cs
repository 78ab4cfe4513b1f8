using SpendGuard.Budgets;
using SpendGuard.Calls.Runs;

namespace SpendGuard.Calls;

/// <summary>Lets calls wait, first come, first served among those of an agent or a run that wait, until a budget unlocks.</summary>
/// <remarks>
/// Only the first in a line asks again: at once when something in this process has changed the budget that it waits for, and now
/// and then for what other processes do, the less often the longer it has waited.
/// </remarks>
/// <param name="time">The clock.</param>
/// <param name="places">How many calls may wait; of one agent a quarter of them, so that others have a place too.</param>
internal sealed class LockedQueue(TimeProvider time, int places = int.MaxValue) : IAsyncDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<LineKey, AgentLine> _lines = [];
    private readonly Dictionary<AccountKey, HashSet<AgentLine>> _waitingFor = [];
    private readonly CancellationTokenSource _closed = new();
    private readonly int _placesOfOne = Math.Max(1, places / 4);
    private int _taken;

    /// <summary>How many agents and runs have calls that wait.</summary>
    public int Lines
    {
        get
        {
            lock (_lock)
            {
                return _lines.Count;
            }
        }
    }

    /// <summary>Whether calls of an agent wait.</summary>
    public bool HasLine(AgentId agent) => HasLine((LineKey)agent);

    /// <summary>Whether calls wait for a run.</summary>
    public bool HasLine(RunAccount run) => HasLine((LineKey)run);

    /// <summary>Says that an agent's budget has changed, so that the first of its calls that wait asks again.</summary>
    public void Pulse(AgentId agent) => Pulse((LineKey)agent);

    /// <summary>Says the same where a hold of the agent's has ended, and wakes those of other agents who wait for an account that it was made in.</summary>
    public void Pulse(AgentId agent, AccountKeys accounts)
    {
        lock (_lock)
        {
            _lines.GetValueOrDefault(agent)?.Pulse();
            foreach (var account in _waitingFor.Count > 0 ? accounts : AccountKeys.None)
            {
                foreach (var line in _waitingFor.GetValueOrDefault(account, []))
                {
                    line.Pulse();
                }
            }
        }
    }

    /// <summary>Remembers, for as long as calls of an agent wait, that they wait for an account that others spend from too.</summary>
    /// <returns>Whether that was not known before: what has ended in it until now has not woken them.</returns>
    public bool WaitFor(AgentId agent, AccountKey account)
    {
        lock (_lock)
        {
            if (!_lines.TryGetValue(agent, out var line) || !line.WaitsFor.Add(account))
            {
                return false;
            }

            (_waitingFor.TryGetValue(account, out var lines) ? lines : _waitingFor[account] = []).Add(line);
            return true;
        }
    }

    /// <summary>Says that what a run may cost has changed.</summary>
    public void Pulse(RunAccount run) => Pulse((LineKey)run);

    /// <summary>Has the first in each line ask again, and the others after it: something may have changed for any of them, such as by a pause.</summary>
    public void PulseAll()
    {
        lock (_lock)
        {
            foreach (var line in _lines.Values)
            {
                line.Pulse();
            }
        }
    }

    /// <summary>Ends all waiting: the engine is being disposed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        _closed.Dispose();
    }

    /// <summary>Tries until the answer is no longer one to wait after, and once more when the time is up.</summary>
    /// <param name="key">Whose budget it waits for.</param>
    /// <param name="wait">How long.</param>
    /// <param name="attempt">Asks for the hold.</param>
    /// <param name="isLocked">Whether an answer is one to wait after.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The last answer; null when the time was up before it was the call's turn, or too many wait already.</returns>
    /// <exception cref="ObjectDisposedException">The engine was disposed meanwhile.</exception>
    public async ValueTask<TAnswer?> WaitAsync<TAnswer>(
        LineKey key, TimeSpan wait, Func<ValueTask<TAnswer>> attempt, Func<TAnswer, bool> isLocked, CancellationToken cancellationToken)
        where TAnswer : class
    {
        ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, typeof(SpendGuardEngine));
        var since = time.GetTimestamp();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        if (TryJoin(key) is not { } line)
        {
            return null;
        }

        try
        {
            if (!await line.IsFirstAsync(wait, time, gone.Token).ConfigureAwait(false))
            {
                return null;
            }

            try
            {
                return await AskAsync(line, () => wait - time.GetElapsedTime(since), attempt, isLocked, gone.Token).ConfigureAwait(false);
            }
            finally
            {
                line.Next();
            }
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(SpendGuardEngine), "The engine was disposed while the call waited for its budget. Nothing is held for it.");
        }
        finally
        {
            Leave(key, line);
        }
    }

    private async ValueTask<TAnswer> AskAsync<TAnswer>(
        AgentLine line, Func<TimeSpan> left, Func<ValueTask<TAnswer>> attempt, Func<TAnswer, bool> isLocked, CancellationToken cancellationToken)
    {
        var pause = ShortestPause;
        while (true)
        {
            // Taken before the attempt, so that what changes during it is not missed.
            var pulse = line.NextPulse;
            var answer = await attempt().ConfigureAwait(false);
            var rest = left();
            if (!isLocked(answer) || rest <= TimeSpan.Zero)
            {
                return answer;
            }

            await pulse.WaitAsync(Shorter(Spread(pause), rest), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            pause = pulse.IsCompleted ? pause : Shorter(2 * pause, LongestPause);
        }
    }

    private bool HasLine(LineKey key)
    {
        lock (_lock)
        {
            return _lines.ContainsKey(key);
        }
    }

    private void Pulse(LineKey key)
    {
        lock (_lock)
        {
            _lines.GetValueOrDefault(key)?.Pulse();
        }
    }

    private AgentLine? TryJoin(LineKey key)
    {
        lock (_lock)
        {
            if (_taken >= places || _lines.GetValueOrDefault(key)?.Calls >= _placesOfOne)
            {
                return null;
            }

            _taken++;
            if (!_lines.TryGetValue(key, out var line))
            {
                _lines.Add(key, line = new AgentLine());
            }

            line.Calls++;
            return line;
        }
    }

    private void Leave(LineKey key, AgentLine line)
    {
        lock (_lock)
        {
            _taken--;
            if (--line.Calls > 0)
            {
                return;
            }

            _lines.Remove(key);
            foreach (var account in line.WaitsFor)
            {
                var lines = _waitingFor[account];
                lines.Remove(line);
                if (lines.Count == 0)
                {
                    _waitingFor.Remove(account);
                }
            }
        }
    }

    /// <summary>Those who began to wait together do not go on to ask together.</summary>
    private static TimeSpan Spread(TimeSpan pause) => pause * (0.75 + (Random.Shared.NextDouble() / 2));

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
