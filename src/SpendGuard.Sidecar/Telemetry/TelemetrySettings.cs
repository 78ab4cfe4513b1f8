using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Telemetry;

/// <summary>Where spans and metrics go.</summary>
internal sealed record TelemetrySettings
{
    public const string DefaultServiceName = "spendguard";

    /// <summary>Every agent is some dozens of time series, in memory here and in whatever reads them.</summary>
    private const int MostAgents = 1_000;

    /// <summary>The OTLP endpoint, over HTTP, without a slash at the end; null for none but OpenTelemetry's own settings.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The key that goes with it as a bearer token.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Whether to send anything by OTLP.</summary>
    public bool Exports { get; init; }

    /// <summary>What the sidecar is called in spans and metrics.</summary>
    public string ServiceName { get; init; } = DefaultServiceName;

    /// <summary>By how many agents metrics are told apart.</summary>
    public int Agents { get; init; }

    /// <summary>Whether prompts and answers are put on spans.</summary>
    public bool CapturesText { get; init; }

    public static TelemetrySettings Read(SettingsReader reader)
    {
        var endpoint = reader.Text("CAP_INGEST_URL") is null ? null : reader.Address("CAP_INGEST_URL", "");
        var apiKey = reader.Text("CAP_INGEST_API_KEY");
        var (name, othersName, othersEndpoint) = (reader.Text("CAP_SERVICE_NAME"), reader.Text("OTEL_SERVICE_NAME"), reader.Text("OTEL_EXPORTER_OTLP_ENDPOINT"));
        if (apiKey is not null && endpoint is null)
        {
            reader.Fault("CAP_INGEST_API_KEY is set without CAP_INGEST_URL. Set the address that the key is for, or leave the key out.", 0);
        }

        return new TelemetrySettings
        {
            Endpoint = endpoint,
            ApiKey = apiKey,
            Exports = endpoint is not null || othersEndpoint is not null,
            ServiceName = name ?? othersName ?? DefaultServiceName,
            Agents = ReadAgents(reader),
            CapturesText = reader.Flag("CAP_CAPTURE_PROMPT_RESPONSE", fallback: false),
        };
    }

    private static int ReadAgents(SettingsReader reader)
    {
        var agents = reader.Count("SPENDGUARD_METRICS_AGENTS", 0, least: 0);
        return agents <= MostAgents ? (int)agents : reader.Fault($"SPENDGUARD_METRICS_AGENTS is {agents}; metrics tell at most {MostAgents:N0} agents apart.", 0);
    }
}
