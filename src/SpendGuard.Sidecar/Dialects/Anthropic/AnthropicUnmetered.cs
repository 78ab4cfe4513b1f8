namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>What Anthropic offers beside what is metered here.</summary>
internal static class AnthropicUnmetered
{
    public static IReadOnlyList<UnmeteredService> Services { get; } =
    [
        new("files", "Stored files are not metered: what a call adds of one cannot be seen here. Put its content into the call."),
        new("skills", "Skills are not metered: they run in a container, which has a price of its own."),
        new("agents", "Agents that run at the provider are not metered: one makes as many calls as it likes. Make the calls yourself."),
        new("sessions", "Agents that run at the provider are not metered: one makes as many calls as it likes. Make the calls yourself."),
        new("v1/complete", "Completions of plain text are not metered. Make it a message."),
    ];
}
