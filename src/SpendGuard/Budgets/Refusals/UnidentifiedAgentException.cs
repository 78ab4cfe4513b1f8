using System.Diagnostics.CodeAnalysis;

namespace SpendGuard;

/// <summary>The call was refused because it cannot be told which agent it counts for.</summary>
public sealed class UnidentifiedAgentException : SpendGuardException
{
    /// <summary>Refuses a call.</summary>
    public UnidentifiedAgentException()
        : base("The call was refused: it cannot be told which agent it counts for. There is no SpendGuardScope around it, and what was to"
            + " name the running agent named none. Give the running agent a name, or open a SpendGuardScope around the call. One that was opened in an"
            + " iterator is lost at its first yield: call through client.ForAgent(…) there.")
    {
    }

    /// <summary>Refuses a call that two agents are named for.</summary>
    /// <param name="bound">The agent that its client is for.</param>
    /// <param name="carried">The agent that its options carry.</param>
    [Experimental(ApiTier.Adapters)]
    public UnidentifiedAgentException(AgentId bound, AgentId carried)
        : base($"The call was refused: its options carry agent '{carried}', and its client is agent '{bound}'s alone. Leave the agent out of the options,"
            + $" or call through a client that several agents share: UseSpendGuard(() => …) in place of UseSpendGuard(\"{bound}\").")
    {
    }
}
