using System.Diagnostics;
using SpendGuard.Budgets;
using SpendGuard.Calls.Cuts;
using SpendGuard.Calls.Runs;
using SpendGuard.Telemetry;

namespace SpendGuard.Calls;

/// <summary>A reservation that this process has to end.</summary>
internal interface IOpenCall
{
    /// <summary>The reservation as it was made.</summary>
    Reservation Reservation { get; }

    /// <summary>What is held for it in its run; null where that has no cap.</summary>
    RunHold? InRun { get; }

    /// <summary>What its metrics are told apart by.</summary>
    CallLabels Labels { get; }

    /// <summary>Its span; null where it has none or nobody listens.</summary>
    Activity? Activity => null;

    /// <summary>Whether it was cut; null for what cannot be, such as a tool that is running.</summary>
    CallCut? Cut => null;

    /// <summary>Ends the call at nothing.</summary>
    ValueTask ReleaseAsync();

    /// <summary>What it is known to have cost so far; nothing where its price is what is held.</summary>
    Money KnownCost => Money.Zero;

    /// <summary>Ends the call, if nobody has, by what has been said of its cost so far.</summary>
    ValueTask GiveUpAsync();
}
