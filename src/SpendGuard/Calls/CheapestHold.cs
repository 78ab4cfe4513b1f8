using Microsoft.Extensions.Logging;
using SpendGuard.Budgets;
using SpendGuard.Calls.Runs;
using SpendGuard.Pricing;
using SpendGuard.Pricing.Bundled;

namespace SpendGuard.Calls;

/// <summary>
/// Holds a call by the cheapest bound of its input that the budget pays for: by bytes, which cost nothing to count, and only where that
/// does not fit by the model's tokenizer. Agent and budget have been looked at before anything is counted.
/// </summary>
internal sealed class CheapestHold(RunHolds holds, SpendGuardOptions options, TimeProvider time, ILogger logger)
{
    private readonly AgeNotice _age = new(logger);

    /// <param name="call">The call.</param>
    /// <param name="book">The prices in force.</param>
    /// <param name="cancellationToken">Gives up counting, and waiting for the budget.</param>
    /// <exception cref="SpendGuardException">The hold was refused.</exception>
    public async ValueTask<(Quote Quote, Reservation Reservation, RunHold? InRun)> HoldAsync(ModelCall call, PriceBook book, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        _age.Look(book, now);
        var quote = Quote.For(call, book, options, now);
        var wait = call.LockedWait < options.LockedWait ? call.LockedWait.Value : options.LockedWait;
        var id = call.ReservationId ?? ReservationId.New();
        var available = call is { ReservationId: null, Shape.HostedCalls: not null }
            ? await holds.AvailableAsync(call.CappedRun, call.Agent, cancellationToken).ConfigureAwait(false)
            : null;
        quote = available is { } amount ? quote.For(amount) : quote;

        // A call that is sent twice under one id has to ask for the same twice.
        if (call.ReservationId is null && call.Shape.Input is { CanCount: true } input && input.Tokens == call.Shape.InputBound)
        {
            var (held, inItsRun, left) = await holds.TryHoldAsync(
                call.CappedRun, quote.ToReserveWhole(id, time.GetUtcNow(), options.ReservationLifetime), wait, cancellationToken).ConfigureAwait(false);
            if (held is not null)
            {
                return (quote, held, inItsRun);
            }

            // Nothing fits into nothing, however closely it is counted.
            if (left > Money.Zero)
            {
                quote = Quote.For(
                    call with { Shape = call.Shape with { InputBound = input.Count(cancellationToken) } }, book, options, time.GetUtcNow());
                quote = available is { } again ? quote.For(again) : quote;
            }
        }

        var (reservation, inRun) = await holds.HoldAsync(
            call.CappedRun, at => quote.ToReserve(id, at, options.ReservationLifetime), wait, cancellationToken, quote.Need).ConfigureAwait(false);
        return (quote, reservation, inRun);
    }
}
