using Microsoft.Extensions.Logging;
using SpendGuard.Budgets;
using SpendGuard.Calls;
using SpendGuard.Storage;
using SpendGuard.Telemetry;
using Log = SpendGuard.Calls.Log;

namespace SpendGuard.Batches;

/// <summary>Commits what becomes of batches. None of them is kept in mind: whatever process ends one needs nothing but the store.</summary>
internal sealed class BatchHolds(
    IBudgetStore store, Holds holds, Intents intents, StoreUse use, SpendGuardOptions options, TimeProvider time, EngineTelemetry telemetry, ILogger logger)
{
    public bool ForfeitsOverloads => options.ForfeitOverloads;

    /// <summary>Holds it by the bytes of its input, which cost nothing to count, and only where that does not fit by the models' tokenizers.</summary>
    public async ValueTask<(BatchQuote Quote, Reservation Held)> HoldAsync(BatchQuote quote, TimeSpan? wait, CancellationToken cancellationToken)
    {
        var id = ReservationId.New();
        var longest = wait < options.LockedWait ? wait.Value : options.LockedWait;
        Reservation? held = null;
        if (quote.CanCount)
        {
            var tentative = quote.ToReserve(id, time.GetUtcNow()) with { IsTentative = true };
            (held, var left) = await holds.TryHoldAsync(tentative, longest, cancellationToken).ConfigureAwait(false);
            quote = held is null && left > Money.Zero ? quote.Counted(left, cancellationToken) ?? quote : quote;
        }

        held ??= await holds.HoldAsync(now => quote.ToReserve(id, now), longest, cancellationToken, quote.Need).ConfigureAwait(false);
        telemetry.Held(held, LabelsOf(held));
        return (quote, held);
    }

    /// <returns>Whether the store has the name; if not, it is tried again from now on.</returns>
    public async ValueTask<bool> NameAsync(Reservation batch, string name)
    {
        var intent = new NameOfHold(batch, name, batch.ExpiresAt - batch.CreatedAt);
        var answer = await CommitAsync(intent).ConfigureAwait(false);
        if (answer is { Succeeded: false })
        {
            Log.NotNamed(logger, batch.Id, batch.Agent, answer.Status);
        }

        return answer is { Succeeded: true };
    }

    public async ValueTask<Settlement> EndAsync(Reservation batch, ReservationCommand end)
    {
        var intent = new EndOfHold(batch, end, batch.ExpiresAt - batch.CreatedAt);
        var answer = await CommitAsync(intent).ConfigureAwait(false);
        if (Settlement.Of(answer) is not { } settlement)
        {
            return intent.Pending;
        }

        if (answer!.Status == BudgetStatus.Applied)
        {
            telemetry.Ended(batch, LabelsOf(batch), settlement);
            if (settlement.Overrun)
            {
                Log.Overrun(logger, batch.Id, batch.Agent, settlement.Charged, settlement.Held);
            }
        }

        return settlement;
    }

    public ValueTask<Settlement> SettleAsync(Reservation batch, Money charge, TokenCounts? tokens) =>
        EndAsync(batch, new Settle(batch.Id, charge, time.GetUtcNow()) { Tokens = tokens });

    public ValueTask<Settlement> ReleaseAsync(Reservation batch) => EndAsync(batch, new Release(batch.Id, time.GetUtcNow()));

    /// <param name="batch">The batch.</param>
    /// <param name="reason">Why nobody knows what it cost, for the log.</param>
    /// <param name="known">What it is known to have cost at least.</param>
    public ValueTask<Settlement> ForfeitAsync(Reservation batch, string reason, Money known = default)
    {
        Log.Forfeited(logger, batch.Id, batch.Agent, Money.Max(batch.Held, known), reason);
        return EndAsync(batch, new Forfeit(batch.Id, OnlyIfExpired: false, time.GetUtcNow()) { Known = known });
    }

    public ValueTask<Reservation?> FindAsync(string name, CancellationToken cancellationToken) => store.FindNamedReservationAsync(name, cancellationToken);

    private static CallLabels LabelsOf(Reservation batch) => CallLabels.Of(BatchModels.Split(batch.Model)[0]);

    private async ValueTask<BudgetAnswer?> CommitAsync(Intent intent)
    {
        if (!use.TryEnter())
        {
            intents.Add(intent);
            return null;
        }

        try
        {
            return await intents.CommitAsync(intent).ConfigureAwait(false);
        }
        finally
        {
            use.Leave();
        }
    }
}
