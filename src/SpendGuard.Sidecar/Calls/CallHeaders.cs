using System.Globalization;

namespace SpendGuard.Sidecar.Calls;

/// <summary>The headers that metered calls carry.</summary>
internal static class CallHeaders
{
    public const string Agent = "x-spendguard-agent-id";
    public const string CynstaAgent = "x-cynsta-agent-id";
    public const string Run = "x-spendguard-run-id";
    public const string CynstaRun = "x-cynsta-run-id";
    public const string Reservation = "x-spendguard-reservation";
    public const string ChargedMicrocents = "x-spendguard-charged-microcents";
    public const string RemainingCents = "x-spendguard-remaining-cents";
    public const string OutputCap = "x-spendguard-output-cap";
    public const string Unbounded = "x-spendguard-unbounded";

    /// <summary>Those that pages may read.</summary>
    public static string[] Exposed { get; } = [Reservation, ChargedMicrocents, RemainingCents, OutputCap, Unbounded];

    /// <summary>What is known before the call has ended.</summary>
    public static void Write(HttpResponse response, ReservedCall reserved)
    {
        response.Headers[Reservation] = reserved.Reservation.Id.Value;
        if (reserved.OutputCapLowered)
        {
            response.Headers[OutputCap] = Number(reserved.OutputCap);
        }

        if (reserved.Reservation.Unbounded is { } names)
        {
            response.Headers[Unbounded] = Printable(names);
        }
    }

    /// <summary>All of it.</summary>
    public static void Write(HttpResponse response, Settlement settlement, ReservedCall reserved)
    {
        Write(response, reserved);
        response.Headers[ChargedMicrocents] = Number(settlement.Charged.Microcents);
        response.Headers[RemainingCents] = Number(settlement.Budget.Remaining.CentsRoundedDown);
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
