using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Ledger;

/// <summary>Sums what the ledger has booked as spent in a window, by provider and model.</summary>
/// <remarks>
/// It has to see every entry from the first on, also those before the window: a correction books the difference from a forfeit that
/// may lie before it.
/// </remarks>
internal sealed class BookedCosts(Window window)
{
    private readonly Dictionary<(string Provider, string Model), Booked> _models = [];
    private readonly Dictionary<string, LedgerEntryView> _forfeits = new(StringComparer.Ordinal);

    /// <summary>What is booked, by provider and model.</summary>
    public IReadOnlyDictionary<(string Provider, string Model), Booked> Models => _models;

    public void Add(LedgerEntryView entry)
    {
        switch (entry.Kind)
        {
            case "settled":
                Book(entry, entry.AmountMicrocents, forfeited: 0);
                break;

            case "forfeited":
                _forfeits[entry.ReservationId!] = entry;
                Book(entry, entry.AmountMicrocents, entry.AmountMicrocents);
                break;

            case "corrected":
                var forfeit = _forfeits.GetValueOrDefault(entry.ReservationId!)
                    ?? throw new CommandFailedException($"Entry {entry.Sequence} of the ledger corrects a forfeit that is not there.");
                Book(entry, entry.AmountMicrocents - forfeit.AmountMicrocents, forfeit.Kind == "forfeited" && window.Contains(forfeit.At) ? -forfeit.AmountMicrocents : 0);

                // What is known of a forfeit may rise before it is settled: the next difference is from that.
                _forfeits[entry.ReservationId!] = entry;
                break;

            default:
                // Holds, releases and changes of budgets book nothing as spent.
                break;
        }
    }

    private void Book(LedgerEntryView entry, long microcents, long forfeited)
    {
        if (!window.Contains(entry.At))
        {
            return;
        }

        var named = entry.Model?.Split(':', 2) is [var provider, var model] ? (provider, model) : ("", entry.Model ?? "");
        var booked = _models.GetValueOrDefault(named) ?? new Booked(0, 0);
        _models[named] = new Booked(checked(booked.Microcents + microcents), checked(booked.ForfeitedMicrocents + forfeited));
    }
}

/// <summary>What is booked as spent.</summary>
/// <param name="Microcents">All of it.</param>
/// <param name="ForfeitedMicrocents">What of it are forfeits: calls whose cost is not known.</param>
internal sealed record Booked(long Microcents, long ForfeitedMicrocents);
