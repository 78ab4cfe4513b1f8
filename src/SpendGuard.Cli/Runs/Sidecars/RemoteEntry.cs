using SpendGuard.Budgets;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Runs.Sidecars;

/// <summary>A ledger entry that a sidecar tells of, as the engine has it.</summary>
internal static class RemoteEntry
{
    public static LedgerEntry Of(LedgerEntryView view) => new()
    {
        Sequence = view.Sequence,
        At = view.At,
        Kind = KindOf(view.Kind),
        Agent = view.AgentId is { } agent ? new AgentId(agent) : (AgentId?)null,
        Reservation = view.ReservationId is { } reservation ? new ReservationId(reservation) : (ReservationId?)null,
        Run = view.RunId is { } run ? new RunId(run) : (RunId?)null,
        Model = view.Model,
        Amount = Money.FromMicrocents(view.AmountMicrocents),
        HardLimit = Money.FromMicrocents(view.HardLimitMicrocents),
        Granted = Money.FromMicrocents(view.GrantedMicrocents),
        Spent = Money.FromMicrocents(view.SpentMicrocents),
        Held = Money.FromMicrocents(view.HeldMicrocents),
    };

    private static LedgerEntryKind KindOf(string name) =>
        Enum.TryParse<LedgerEntryKind>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var kind)
            ? kind
            : throw new CommandFailedException($"The ledger has an entry of the kind '{name}', which this version does not know.");
}
