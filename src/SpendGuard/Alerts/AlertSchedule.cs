namespace SpendGuard.Alerts;

/// <summary>When an alert that was not delivered is tried again.</summary>
internal static class AlertSchedule
{
    /// <summary>What a receiver may ask for; one that asks for more is tried in the meantime.</summary>
    public static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(10),
    ];

    /// <summary>After so many attempts an alert is given up.</summary>
    public static int Attempts => Pauses.Length + 1;

    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="asked">How long the receiver asked to be left alone.</param>
    /// <param name="chance">From 0 to 1: up to a fifth is added, so that what failed together is not tried together.</param>
    /// <returns>The time to the next; null when that was the last.</returns>
    public static TimeSpan? PauseAfter(int attempt, TimeSpan? asked, double chance)
    {
        if (attempt >= Attempts)
        {
            return null;
        }

        var pause = Pauses[attempt - 1] * (1 + (chance / 5));
        return Bound(asked) is { } wanted && wanted > pause ? wanted : pause;
    }

    /// <summary>What is heeded of what a receiver asks.</summary>
    public static TimeSpan? Bound(TimeSpan? asked) => asked > LongestAsked ? LongestAsked : asked > TimeSpan.Zero ? asked : null;
}
