using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>The names under which a response, or the last update of a stream, says in its additional properties what the call cost.</summary>
public static class SettlementProperties
{
    /// <summary>The id of the reservation (<see cref="string"/>).</summary>
    public const string Reservation = "spendguard.reservation";

    /// <summary>How the call ended: <c>settled</c>, <c>released</c> or <c>forfeited</c> (<see cref="string"/>).</summary>
    public const string End = "spendguard.end";

    /// <summary>
    /// There, and true, when the store could not commit the end yet (<see cref="bool"/>). What the call cost is charged later, and what remains
    /// is not known.
    /// </summary>
    public const string Pending = "spendguard.pending";

    /// <summary>What the call cost, in microcents (<see cref="long"/>).</summary>
    public const string ChargedMicrocents = "spendguard.charged_microcents";

    /// <summary>What was held for it, in microcents (<see cref="long"/>).</summary>
    public const string HeldMicrocents = "spendguard.held_microcents";

    /// <summary>
    /// What remains of the budget, or of a limit that the call was held in where that is less, in microcents (<see cref="long"/>); not there
    /// while the end is pending.
    /// </summary>
    public const string RemainingMicrocents = "spendguard.remaining_microcents";

    /// <summary>The output cap that was sent to the provider, in tokens (<see cref="long"/>).</summary>
    public const string OutputCap = "spendguard.output_cap";

    /// <summary>Whether the budget pays for less output than the call would have had (<see cref="bool"/>).</summary>
    public const string OutputCapLowered = "spendguard.output_cap_lowered";

    /// <summary>
    /// There, and true, when the answer is as long as a cap that the budget had lowered, and so was cut by it (<see cref="bool"/>).
    /// </summary>
    [Experimental("SPENDGUARD002")]
    public const string OutputCut = "spendguard.output_cut";

    /// <summary>
    /// How many attempts of the call were seen on the wire, all of which are in the charge (<see cref="int"/>). 0 says that what the client
    /// sends cannot be seen.
    /// </summary>
    public const string Attempts = "spendguard.attempts";

    internal static void Write(AdditionalPropertiesDictionary properties, Settlement settlement, ReservedCall reserved, int attempts)
    {
        properties[Attempts] = attempts;
        properties[Reservation] = settlement.ReservationId.Value;
        properties[End] = settlement.End.ToString().ToLowerInvariant();
        properties[ChargedMicrocents] = settlement.Charged.Microcents;
        properties[HeldMicrocents] = settlement.Held.Microcents;
        if (settlement.IsPending)
        {
            properties[Pending] = true;
        }
        else if (settlement.Left is { } left)
        {
            properties[RemainingMicrocents] = left.Microcents;
        }

        properties[OutputCap] = reserved.OutputCap;
        properties[OutputCapLowered] = reserved.OutputCapLowered;
        if (reserved.IsCut(settlement))
        {
            properties[OutputCut] = true;
        }
    }
}
