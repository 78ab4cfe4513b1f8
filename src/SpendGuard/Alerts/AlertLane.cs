using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace SpendGuard.Alerts;

/// <summary>Brings one sink what is due for it, one alert after the other.</summary>
internal sealed class AlertLane(IAlertOutbox outbox, ISpendAlertSink sink, TimeProvider time, ILogger logger)
{
    /// <summary>How often it is looked for what other processes have raised, and for what is to be tried again.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestAttempt = TimeSpan.FromSeconds(15);

    /// <summary>Longer than an attempt, and than it takes to note what became of it: while this process lives, no other delivers the same.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan RegisteredFor = TimeSpan.FromHours(1);

    /// <summary>A sink that was taken out of the configuration, or whose address was changed, is kept in mind no longer than this.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromDays(30);

    private readonly string _name = sink.Name;
    private readonly DateTimeOffset _began = time.GetUtcNow();
    private readonly Channel<bool> _pulses = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private DateTimeOffset? _registeredAt;
    private bool _failing;

    public void Pulse() => _pulses.Writer.TryWrite(true);

    /// <param name="stopping">Nothing more is taken.</param>
    /// <param name="cut">What is under way is given up too.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken cut)
    {
        try
        {
            while (!stopping.IsCancellationRequested && await StepAsync(stopping, cut).ConfigureAwait(false))
            {
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was taken and not ended is due when its lease ends.
        }
    }

    /// <returns>Whether the sink wants more.</returns>
    private async Task<bool> StepAsync(CancellationToken stopping, CancellationToken cut)
    {
        try
        {
            await RegisterAsync(cut).ConfigureAwait(false);
            var due = await outbox.TakeAsync(_name, Lease, time.GetUtcNow(), cut).ConfigureAwait(false);
            _failing = false;
            if (due is null)
            {
                await PulseOrPollAsync(stopping).ConfigureAwait(false);
                return true;
            }

            return await DeliverAsync(due, stopping, cut).ConfigureAwait(false);
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            if (!_failing)
            {
                Log.OutboxFailed(logger, exception, _name);
            }

            _failing = true;
            await Task.Delay(Poll, time, stopping).ConfigureAwait(false);
            return true;
        }
    }

    private async ValueTask RegisterAsync(CancellationToken cut)
    {
        var now = time.GetUtcNow();
        if (_registeredAt is not { } at || now - at >= RegisteredFor)
        {
            await outbox.RegisterAsync(_name, _began, ForgetAfter, now, cut).ConfigureAwait(false);
            _registeredAt = now;
        }
    }

    private async Task<bool> DeliverAsync(DueAlert due, CancellationToken stopping, CancellationToken cut)
    {
        var leased = time.GetTimestamp();
        if (await TryAsync(due.Alert, cut).ConfigureAwait(false) is not { } failure)
        {
            await NoteAsync(leased, () => outbox.MarkDeliveredAsync(due, time.GetUtcNow(), cut), stopping).ConfigureAwait(false);
            return true;
        }

        var pause = AlertSchedule.PauseAfter(due.Attempt, failure.RetryAfter, Random.Shared.NextDouble());
        Tell(due, failure, pause);
        await NoteAsync(leased, () => outbox.MarkFailedAsync(due, failure.Message, pause, time.GetUtcNow(), cut), stopping).ConfigureAwait(false);
        if (AlertSchedule.Bound(failure.RetryAfter) is { } asked && !failure.IsGone)
        {
            // Its other alerts would be no more welcome.
            await Task.Delay(asked, time, stopping).ConfigureAwait(false);
        }

        return !failure.IsGone;
    }

    /// <returns>Why it was not delivered; null when it was.</returns>
    private async Task<NotDeliveredException?> TryAsync(Alert alert, CancellationToken cut)
    {
        using var tooLong = new CancellationTokenSource(LongestAttempt, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, cut);
        try
        {
            // On a thread of its own, and left behind when its time is over: it may block, or heed no token.
            var sending = Task.Run(() => sink.SendAsync(alert, ends.Token).AsTask(), CancellationToken.None);
            await sending.WaitAsync(ends.Token).ConfigureAwait(false);
            return null;
        }
        catch (NotDeliveredException exception)
        {
            return exception;
        }
        catch (Exception) when (cut.IsCancellationRequested)
        {
            throw new OperationCanceledException(cut);
        }
        catch (Exception) when (tooLong.IsCancellationRequested)
        {
            return new NotDeliveredException($"It did not end within {LongestAttempt.TotalSeconds:0} s.");
        }
        catch (Exception exception)
        {
            return new NotDeliveredException($"{exception.GetType().Name}: {exception.Message}");
        }
    }

    private void Tell(DueAlert due, NotDeliveredException failure, TimeSpan? pause)
    {
        if (failure.IsGone)
        {
            Log.Gone(logger, _name);
        }
        else if (pause is { } retryIn)
        {
            Log.NotDelivered(logger, due.Alert.Id, _name, due.Attempt, AlertSchedule.Attempts, failure.Message, retryIn);
        }
        else
        {
            Log.GivenUp(logger, due.Alert.Id, _name, due.Attempt, failure.Message);
        }
    }

    /// <summary>What is not noted is delivered again. So it is noted as soon as the store can, while nobody else may have taken it.</summary>
    private async ValueTask NoteAsync(long leased, Func<ValueTask<bool>> note, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await note().ConfigureAwait(false);
                return;
            }
            catch (Exception) when (!stopping.IsCancellationRequested && time.GetElapsedTime(leased) < Lease)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, stopping).ConfigureAwait(false);
            }
        }
    }

    private async Task PulseOrPollAsync(CancellationToken stopping)
    {
        try
        {
            // One that is given up takes no pulse with it: it only waits for one to be there.
            await _pulses.Reader.WaitToReadAsync(stopping).AsTask().WaitAsync(Poll, time, stopping).ConfigureAwait(false);
            _pulses.Reader.TryRead(out _);
        }
        catch (TimeoutException)
        {
            // Time to look.
        }
    }
}
