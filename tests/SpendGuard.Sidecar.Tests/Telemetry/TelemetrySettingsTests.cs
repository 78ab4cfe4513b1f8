using Microsoft.Extensions.Configuration;
using SpendGuard.Sidecar.Settings;
using SpendGuard.Sidecar.Telemetry;

namespace SpendGuard.Sidecar.Tests.Telemetry;

public sealed class TelemetrySettingsTests
{
    [Fact]
    public void Nothing_ExportsNothing() => Assert.Equal(new TelemetrySettings(), Read());

    [Fact]
    public void All_AreRead() => Assert.Equal(
        new TelemetrySettings { Endpoint = "https://collector:4318/base", ApiKey = "k", Exports = true, ServiceName = "s", CapturesText = true },
        Read(
            ("CAP_INGEST_URL", "https://collector:4318/base/"), ("CAP_INGEST_API_KEY", "k"), ("CAP_SERVICE_NAME", "s"), ("OTEL_SERVICE_NAME", "t"),
            ("CAP_CAPTURE_PROMPT_RESPONSE", "on")));

    [Fact]
    public void OpenTelemetrysOwn_AreLeftToIt() => Assert.Equal(
        new TelemetrySettings { Exports = true, ServiceName = "t" }, Read(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317"), ("OTEL_SERVICE_NAME", "t")));

    [Fact]
    public void WrongOnes_AreNamedAtOnce()
    {
        var exception = Assert.Throws<SettingsException>(() => Read(
            ("CAP_INGEST_URL", "collector:4318"), ("CAP_CAPTURE_PROMPT_RESPONSE", "maybe")));
        Assert.Equal(["CAP_INGEST_URL", "CAP_CAPTURE_PROMPT_RESPONSE"], exception.Faults.Select(fault => fault.Split(' ')[0]));

        Assert.StartsWith("CAP_INGEST_API_KEY", Assert.Single(Assert.Throws<SettingsException>(() => Read(("CAP_INGEST_API_KEY", "k"))).Faults), StringComparison.Ordinal);
    }

    private static TelemetrySettings Read(params (string Name, string? Value)[] settings)
    {
        var reader = new SettingsReader(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal)).Build());
        var read = TelemetrySettings.Read(reader);
        reader.ThrowIfFaulty();
        return read;
    }
}
