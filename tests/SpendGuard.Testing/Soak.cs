namespace SpendGuard.Testing;

/// <summary>Whether this is the long run, <c>./test.sh --soak</c>, in which a test makes more rounds than it takes to show what it shows.</summary>
public static class Soak
{
    /// <summary>Whether SPENDGUARD_SOAK is 1 in the environment.</summary>
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("SPENDGUARD_SOAK") is "1";

    /// <summary>How many rounds there are.</summary>
    public static int Rounds(int byDefault, int inSoak) => IsOn ? inSoak : byDefault;
}
