using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>Lets an agent read its own budget.</summary>
public static class BudgetFunction
{
    /// <summary>
    /// A function <c>get_budget</c> without parameters, to be put among a model's tools. It tells the limit, what is spent, held and left, in dollars
    /// and in microcents, of the agent that is running and of the runs with a cap that it is within. It changes nothing.
    /// </summary>
    /// <param name="engine">The engine.</param>
    /// <param name="currentAgent">
    /// Names the agent that is running where neither the options of the call carry one (<c>options.ForAgent(…)</c>) nor a
    /// <see cref="SpendGuardScope"/> is around it: <c>() => "researcher"</c> for a client of one agent, and what <c>UseSpendGuard</c> was given for one that
    /// several share. When nothing tells the agent, the function throws an <see cref="UnidentifiedAgentException"/>.
    /// </param>
    public static AIFunction Create(SpendGuardEngine engine, Func<string?>? currentAgent = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return new GetBudget(engine, new CallingAgent(currentAgent ?? (() => null), bound: null));
    }
}
