using System.Diagnostics;
using SpendGuard.Budgets;
using SpendGuard.Telemetry;

namespace SpendGuard.Calls;

/// <summary>A reservation that this process has to end.</summary>
internal interface IOpenCall
{
    /// <summary>The reservation as it was made.</summary>
    Reservation Reservation { get; }

    /// <summary>What its metrics are told apart by.</summary>
    CallLabels Labels { get; }

    /// <summary>Its span; null where it has none or nobody listens.</summary>
    Activity? Activity => null;

    /// <summary>Ends the call at nothing.</summary>
    ValueTask ReleaseAsync();

    /// <summary>Forfeits the call if it has not been ended.</summary>
    ValueTask ForfeitIfOpenAsync();
}
