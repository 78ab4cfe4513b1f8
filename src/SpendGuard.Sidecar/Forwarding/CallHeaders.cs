using System.Globalization;

namespace SpendGuard.Sidecar.Forwarding;

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

    /// <summary>Those that pages may read.</summary>
    public static string[] Exposed { get; } = [Reservation, ChargedMicrocents, RemainingCents, OutputCap];

    /// <summary>What is known before the call has ended.</summary>
    public static void Write(HttpResponse response, ReservedCall reserved)
    {
        response.Headers[Reservation] = reserved.Reservation.Id.Value;
        if (reserved.OutputCapLowered)
        {
            response.Headers[OutputCap] = Number(reserved.OutputCap);
        }
    }

    /// <summary>All of it.</summary>
    public static void Write(HttpResponse response, Settlement settlement, ReservedCall reserved)
    {
        Write(response, reserved);
        response.Headers[ChargedMicrocents] = Number(settlement.Charged.Microcents);
        response.Headers[RemainingCents] = Number(settlement.Budget.Remaining.CentsRoundedDown);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
