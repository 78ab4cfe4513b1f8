namespace SpendGuard.Sidecar.Telemetry;

/// <summary>What is logged where the settings say nothing else. Other settings have to be added after it.</summary>
internal static class LogDefaults
{
    public static void AddLogDefaults(this WebApplicationBuilder builder)
    {
        // Single requests are none of the log's business, and their addresses may have a caller's key in them.
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Logging:LogLevel:Microsoft.AspNetCore"] = nameof(LogLevel.Warning),
            ["Logging:LogLevel:Yarp"] = nameof(LogLevel.Warning),
        });

        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddConsole();
    }
}
