using System.Globalization;
using SpendGuard.Budgets;

namespace SpendGuard.Sidecar.Calls;

/// <summary>The headers that metered calls carry.</summary>
internal static class CallHeaders
{
    /// <summary>What the sidecar's own begin with; a provider has none of them.</summary>
    public const string Prefix = "x-spendguard-";

    /// <summary>What those of the system before this one begin with.</summary>
    public const string CynstaPrefix = "x-cynsta-";

    public const string Agent = "x-spendguard-agent-id";
    public const string CynstaAgent = "x-cynsta-agent-id";
    public const string Run = "x-spendguard-run-id";
    public const string CynstaRun = "x-cynsta-run-id";
    public const string Reservation = "x-spendguard-reservation";
    public const string ChargedMicrocents = "x-spendguard-charged-microcents";
    public const string RemainingCents = "x-spendguard-remaining-cents";
    public const string SettlementState = "x-spendguard-settlement";
    public const string OutputCap = "x-spendguard-output-cap";
    public const string HostedCallLimit = "x-spendguard-hosted-call-limit";
    public const string Cut = "x-spendguard-cut";
    public const string Unbounded = "x-spendguard-unbounded";

    /// <summary>How many seconds a request may wait while its budget is locked, which lowers what the sidecar is set to; and for approval, for which it waits only so.</summary>
    public const string Wait = "x-spendguard-wait";

    /// <summary>The output, in tokens, below which a call is refused in place of being capped; in place of what the sidecar goes by.</summary>
    public const string LeastOutput = "x-spendguard-least-output";

    /// <summary>What the run may cost in all, in cents: given by its first call, and the same in every later one that says it.</summary>
    public const string RunLimit = "x-spendguard-run-limit-cents";

    /// <summary>What <see cref="SettlementState"/> says while the store does not have the end of a call.</summary>
    public const string Pending = "pending";

    /// <summary>What <see cref="Cut"/> says of an answer that is as long as the cap which the budget had lowered.</summary>
    public const string CutByCap = "output-cap";

    /// <summary>The providers' own header, which their official SDKs obey.</summary>
    public const string ShouldRetry = "x-should-retry";

    /// <summary>Those that pages may read.</summary>
    public static string[] Exposed { get; } = [Reservation, ChargedMicrocents, RemainingCents, SettlementState, OutputCap, HostedCallLimit, Cut, Unbounded, ShouldRetry];

    /// <summary>What is known before the call has ended.</summary>
    public static void Write(HttpResponse response, ReservedCall reserved)
    {
        response.Headers[Reservation] = reserved.Reservation.Id.Value;
        if (reserved.OutputCapLowered)
        {
            response.Headers[OutputCap] = Number(reserved.OutputCap);
        }

        if (reserved.HostedCallsLimited)
        {
            response.Headers[HostedCallLimit] = Number(reserved.Grant.HostedCalls);
        }

        if (reserved.Reservation.Unbounded is { } names)
        {
            response.Headers[Unbounded] = Printable(names);
        }
    }

    /// <summary>Of a batch: its hold, and what it cost once that is settled.</summary>
    public static void Write(HttpResponse response, Budgets.Reservation batch)
    {
        response.Headers[Reservation] = batch.Id.Value;
        if (batch.Unbounded is { } names)
        {
            response.Headers[Unbounded] = Printable(names);
        }

        if (batch.End == ReservationEnd.Settled)
        {
            response.Headers[ChargedMicrocents] = Number(batch.Charged.Microcents);
        }
    }

    /// <summary>Of a batch that the provider did not take.</summary>
    public static void Write(HttpResponse response, Settlement settlement)
    {
        response.Headers[Reservation] = settlement.ReservationId.Value;
        foreach (var (name, value) in Of(settlement))
        {
            response.Headers[name] = value;
        }
    }

    /// <summary>All of it.</summary>
    public static void Write(HttpResponse response, Settlement settlement, ReservedCall reserved)
    {
        Write(response, reserved);
        foreach (var (name, value) in Of(settlement, reserved))
        {
            response.Headers[name] = value;
        }
    }

    /// <summary>
    /// What is known once the call has ended: what it cost, what remains or that the end is pending, and whether the budget's cap cut the answer.
    /// </summary>
    public static IEnumerable<(string Name, string Value)> Of(Settlement settlement, ReservedCall reserved) =>
    [
        .. Of(settlement),
        .. reserved.IsCut(settlement) ? [(Cut, CutByCap)] : Array.Empty<(string, string)>(),
    ];

    private static IEnumerable<(string Name, string Value)> Of(Settlement settlement) =>
    [
        (ChargedMicrocents, Number(settlement.Charged.Microcents)),
        .. settlement.IsPending ? [(SettlementState, Pending)]
            : settlement.Left is { } left ? [(RemainingCents, Number(left.CentsRoundedDown))]
            : Array.Empty<(string, string)>(),
    ];

    /// <summary>Keeps SDKs from making a call anew by themselves that failed and is charged: it would be charged anew.</summary>
    public static void ForbidRetryOfCharged(HttpResponse response, Settlement settlement)
    {
        if (settlement.Charged > Money.Zero)
        {
            response.Headers[ShouldRetry] = "false";
        }
    }

    /// <summary>The names come from the request; a header takes only a part of what they may be.</summary>
    private static string Printable(string names) =>
        string.Create(names.Length, names, static (to, from) =>
        {
            for (var index = 0; index < to.Length; index++)
            {
                to[index] = from[index] is >= ' ' and <= '~' ? from[index] : '?';
            }
        });

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
