namespace SpendGuard.Cli.Budgets;

/// <summary>What a budget has that is made for programs with several calls at once.</summary>
internal static class SideBySide
{
    /// <summary>As many calls in flight as such programs make.</summary>
    public const int MaxInFlight = 16;

    /// <summary>In percent: four calls that ask for more output than the budget pays for go side by side, and take no more than two thirds of it.</summary>
    public const int MaxCallShare = 25;
}
