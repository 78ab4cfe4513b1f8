namespace SpendGuard.Sidecar.Settings;

/// <summary>How the sidecar's engines work, but for where they keep budgets.</summary>
internal static class EngineSetup
{
    public static void Apply(SpendGuardOptions options, SidecarSettings settings)
    {
        options.LeastUsefulOutputTokens = 1;
        options.DefaultOutputTokens = settings.DefaultOutputTokens;
        options.LockedWait = TimeSpan.Zero;
        options.FirstMaxInFlight = 1;
        options.ForfeitOverloads = settings.ForfeitOverloads;
    }
}
