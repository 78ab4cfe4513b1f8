namespace SpendGuard.Sidecar.Settings;

/// <summary>How the sidecar's engines work, but for where they keep budgets.</summary>
internal static class EngineSetup
{
    public static void Apply(SpendGuardOptions options, SidecarSettings settings)
    {
        if (settings.LeastOutputTokens is { } tokens)
        {
            options.LeastUsefulOutputTokens = options.LeastReasoningOutputTokens = tokens;
        }

        options.DefaultOutputTokens = settings.DefaultOutputTokens;
        options.LockedWait = settings.LockedWait;
        options.MaxWaitingCalls = settings.MaxWaitingCalls;

        // As the system before this one: its callers, and the official SDKs, try again by themselves.
        options.SingleCallsWait = false;
        options.FirstMaxInFlight = 1;
        options.MetricsOfAgents = settings.Telemetry.Agents;
        options.ForfeitOverloads = settings.ForfeitOverloads;
    }
}
