using Microsoft.AspNetCore.Routing;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SpendGuard.Sidecar.Access;
using SpendGuard.Telemetry;

namespace SpendGuard.Sidecar.Telemetry;

/// <summary>Sends spans and metrics by OTLP, and shows the metrics to Prometheus.</summary>
internal static class TelemetryRegistration
{
    private const string Metrics = "/metrics";

    /// <summary>Series of an agent for which there is room in an instrument: some models, each with its outcomes.</summary>
    private const int SeriesOfAgent = 40;

    /// <summary>What there is room for without agents, which is OpenTelemetry's own default.</summary>
    private const int Series = 2_000;

    public static void AddTelemetry(this IServiceCollection services, TelemetrySettings settings)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(settings.ServiceName, serviceVersion: Version))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(SpendGuardTelemetry.Name, "Microsoft.AspNetCore.Hosting").AddPrometheusExporter();
                metrics.AddView(instrument => instrument.Meter.Name == SpendGuardTelemetry.Name && settings.Agents > 0
                    ? new MetricStreamConfiguration { CardinalityLimit = Series + (SeriesOfAgent * settings.Agents) }
                    : null);
                if (settings.Exports)
                {
                    metrics.AddOtlpExporter(exporter => Configure(exporter, settings, "/v1/metrics"));
                }
            });
        if (settings.Exports)
        {
            telemetry.WithTracing(traces => traces
                .AddSource(SpendGuardTelemetry.Name)
                .AddAspNetCoreInstrumentation(requests => requests.Filter = static context =>
                    context.Request.Path.Value is not ("/health" or "/ready" or Metrics))
                .AddOtlpExporter(exporter => Configure(exporter, settings, "/v1/traces")));
        }
    }

    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapPrometheusScrapingEndpoint(Metrics).WithMetadata(new HttpMethodMetadata([HttpMethods.Get])).Allow(AccessRule.Admin);

    private static string? Version => typeof(TelemetryRegistration).Assembly.GetName().Version?.ToString(3);

    private static void Configure(OtlpExporterOptions exporter, TelemetrySettings settings, string path)
    {
        if (settings.Endpoint is null)
        {
            // OpenTelemetry's own settings say where.
            return;
        }

        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(settings.Endpoint + path);
        if (settings.ApiKey is { } key)
        {
            // The exporter's own list of headers cannot hold a comma.
            exporter.HttpClientFactory = () => Client(key, exporter.TimeoutMilliseconds);
        }
    }

    private static HttpClient Client(string key, int timeoutMilliseconds)
    {
        var client = new HttpClient { Timeout = TimeSpan.FromMilliseconds(timeoutMilliseconds) };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + key);
        return client;
    }
}
