using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging.Console;

namespace SpendGuard.Sidecar.Telemetry;

/// <summary>What is logged, and in which form, where the settings say nothing else.</summary>
internal static class LogDefaults
{
    public static void AddLogDefaults(this WebApplicationBuilder builder)
    {
        // Single requests are none of the log's business, and their addresses may have a caller's key in them.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Logging:LogLevel:Microsoft.AspNetCore"] = nameof(LogLevel.Warning),
                ["Logging:LogLevel:Yarp"] = nameof(LogLevel.Warning),
            },
        });

        // The slim builder chooses a form itself, over the settings.
        var form = builder.Configuration["Logging:Console:FormatterName"] ?? ConsoleFormatterNames.Simple;
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = form);
    }
}
