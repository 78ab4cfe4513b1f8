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
}
