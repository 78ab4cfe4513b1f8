using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Output;

namespace SpendGuard.Cli.Limits;

/// <summary>A limit on a line, for scripts.</summary>
internal static class LimitLines
{
    public static string Of(LimitView limit) => string.Join(
        ' ',
        Line.Of("window", limit.Window),
        Line.Of("zone", limit.Zone),
        Line.Of("action", limit.Action),
        Line.Of("amount_cents", limit.AmountCents),
        Line.Of("spent_cents", limit.SpentCents),
        Line.Of("held_cents", limit.HeldCents),
        Line.Of("left_cents", limit.LeftCents),
        Line.Of("resets_at", Moment.Of(limit.ResetsAt)),
        Line.Of("alert_at", limit.AlertAt is { } percentages ? string.Join(',', percentages) : null),
        Line.Of("raised_microcents", limit.RaisedMicrocents),
        Line.Of("raised_until", Moment.Of(limit.RaisedUntil)),
        Line.Of("amount_microcents", limit.AmountMicrocents),
        Line.Of("spent_microcents", limit.SpentMicrocents),
        Line.Of("held_microcents", limit.HeldMicrocents),
        Line.Of("left_microcents", limit.LeftMicrocents));

    /// <summary>The breaker of identical calls; no line where there is none.</summary>
    public static IEnumerable<string> OfBreaker(int? identicalCalls) => identicalCalls is null ? [] : [Line.Of("identical_calls", identicalCalls)];
}
