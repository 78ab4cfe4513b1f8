using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SpendGuard.Pricing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Telemetry;

/// <summary>What the sidecar tells a collector and Prometheus of its calls.</summary>
[Collection(Alone.Name)]
public sealed partial class TelemetryTests : IAsyncLifetime
{
    // Listeners hear every engine of the process, so that each test looks for a model or an agent of its own.
    private readonly string _model = "telemetry-" + Guid.NewGuid();
    private OtlpReceiver _collector = null!;
    private SidecarFixture _sidecar = null!;
    private string _agent = null!;

    public async Task InitializeAsync()
    {
        _collector = await OtlpReceiver.StartAsync();
        await StartAsync(("CAP_INGEST_URL", _collector.Address + "/"), ("CAP_INGEST_API_KEY", "the ingest key, with a comma"), ("CAP_SERVICE_NAME", "my-sidecar"));
    }

    public async Task DisposeAsync()
    {
        await _sidecar.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_IsASpan_WithWhatItHeldAndCost(bool stream)
    {
        var held = _sidecar.WatchHolds(_agent);
        _sidecar.Provider.Behaviour = new() { OutputTokens = 30, ReasoningTokens = 10, CachedInputTokens = 4 };
        await CallAsync(stream);
        var bill = await _sidecar.AssertPaidAsBilledAsync(_agent);

        var span = Assert.Single(SpansOf(_agent));
        var call = Assert.Single(_sidecar.Provider.Calls);
        Assert.Equal("chat " + _model, span.Name);
        Assert.Equal(0UL, span.Status);
        Assert.Equal(
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["gen_ai.agent.id"] = _agent,
                ["gen_ai.operation.name"] = "chat",
                ["gen_ai.provider.name"] = "openai",
                ["gen_ai.request.max_tokens"] = "50",
                ["gen_ai.request.model"] = _model,
                ["gen_ai.response.model"] = _model,
                ["gen_ai.usage.cache_creation.input_tokens"] = "0",
                ["gen_ai.usage.cache_read.input_tokens"] = "4",
                ["gen_ai.usage.input_tokens"] = Text(call.InputTokens),
                ["gen_ai.usage.output_tokens"] = "30",
                ["spendguard.cost_microcents"] = Text(bill),
                ["spendguard.held_microcents"] = Text(held.Single()),
                ["spendguard.outcome"] = "settled",
                ["spendguard.remaining_microcents"] = Text(1_000 * 1_000_000 - bill),
                ["spendguard.reservation.id"] = span.Attributes["spendguard.reservation.id"],
                ["spendguard.run.id"] = "my-run",
            },
            new SortedDictionary<string, string>(span.Attributes.ToDictionary(), StringComparer.Ordinal));
    }

    [Fact]
    public async Task CallsThatEndOtherwise_AreSpansToo()
    {
        var poor = await PoorAgentAsync();
        Assert.Equal(402, await CallAsync(agent: poor));
        _sidecar.Provider.Behaviour = new() { FailWithStatus = 400 };
        await CallAsync();
        _sidecar.Provider.Behaviour = new() { FailWithStatus = 500, BillFailures = true };
        await CallAsync();

        var refused = Assert.Single(SpansOf(poor));
        Assert.Equal(("refused", "insufficient", 2UL), (refused.Attributes["spendguard.outcome"], refused.Attributes["error.type"], refused.Status));
        Assert.Equal(["released", "forfeited"], SpansOf(_agent).Select(span => span.Attributes["spendguard.outcome"]));
    }

    [Fact]
    public async Task Collector_GetsTheMetrics_UnderTheServicesNameAndKey()
    {
        await CallAsync();
        Flush();

        Assert.All(_collector.Requests, request => Assert.Equal("Bearer the ingest key, with a comma", request.Authorization));
        Assert.Contains(_collector.Requests, request => System.Text.Encoding.UTF8.GetString(request.Body).Contains("my-sidecar", StringComparison.Ordinal));
        var metrics = _collector.Metrics.Where(metric => metric.Key.StartsWith("spendguard.", StringComparison.Ordinal));
        Assert.Superset(
            new HashSet<(string, string)>
            {
                ("spendguard.call.count", "{call}"),
                ("spendguard.call.in_flight", "{call}"),
                ("spendguard.price.age", "s"),
                ("spendguard.reservation.held", "{microcent}"),
                ("spendguard.reservation.settled", "{microcent}"),
                ("spendguard.store.duration", "s"),
            },
            metrics.Select(metric => (metric.Key, metric.Value)).ToHashSet());
    }

    [Fact]
    public async Task MetricsPage_IsWhatPrometheusReads_AndAddsUp()
    {
        var held = _sidecar.WatchHolds(_agent);
        await CallAsync();
        await CallAsync(stream: true);
        _sidecar.Provider.Behaviour = new() { FailWithStatus = 500, BillFailures = true };
        await CallAsync();
        _sidecar.Provider.Behaviour = new() { FailWithStatus = 429 };
        await CallAsync();
        await CallAsync(agent: await PoorAgentAsync());

        var page = await _sidecar.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        var lines = page.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(PrometheusLine(), line));

        // The fourth call gave back what it held; the third is booked at what it held.
        Assert.Equal(held.Sum(), Value("spendguard_reservation_held"));
        Assert.Equal(held[3], Value("spendguard_reservation_released"));
        Assert.Equal(held[2], Value("spendguard_reservation_forfeited"));
        Assert.Equal(await SpentAsync() - held[2], Value("spendguard_reservation_settled"));
        Assert.Equal(2, Value("spendguard_call_count", "spendguard_outcome=\"settled\""));
        Assert.Equal(1, Value("spendguard_call_count", "error_type=\"insufficient\"", "spendguard_outcome=\"refused\""));
        Assert.Contains(lines, line => line.StartsWith("spendguard_store_duration_seconds_bucket{", StringComparison.Ordinal) && line.Contains("Settle", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("spendguard_price_age_seconds", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("spendguard_call_in_flight", StringComparison.Ordinal));

        double Value(string name, params string[] labels) => lines
            .Where(line => line.StartsWith(name + "_total{", StringComparison.Ordinal) && line.Contains(_model, StringComparison.Ordinal))
            .Where(line => labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            .Select(line => double.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture))
            .Single();
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData(null, false)]
    public async Task PromptAndAnswer_AreOnTheSpan_OnlyWhenAskedFor(string? setting, bool shown)
    {
        await _sidecar.DisposeAsync();
        await StartAsync(("CAP_INGEST_URL", _collector.Address), ("CAP_CAPTURE_PROMPT_RESPONSE", setting));
        _sidecar.Provider.Behaviour = Behaviour.Say("the answer to it");
        await CallAsync(content: "the question of it");
        await CallAsync(stream: true, content: "the question of it");

        var spans = SpansOf(_agent);
        Assert.Equal(2, spans.Count);
        Assert.All(spans, span =>
        {
            Assert.Equal(shown, span.Attributes.GetValueOrDefault("spendguard.prompt", "").Contains("the question of it", StringComparison.Ordinal));
            Assert.Equal(shown, span.Attributes.GetValueOrDefault("spendguard.answer", "").Contains("answer", StringComparison.Ordinal));
        });
    }

    [GeneratedRegex("""^(# (TYPE|HELP|UNIT|EOF).*|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\.)*",?)*\})? (-?[0-9.]+([eE][+-]?[0-9]+)?|NaN|[+-]Inf)( -?[0-9]+)?)$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex PrometheusLine();

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private async Task StartAsync(params (string, string?)[] settings)
    {
        _sidecar = await SidecarFixture.StartAsync([new ProviderPrice(_model, 100, 200) { CachedInput = 10 }], settings);
        _sidecar.AddPrice(new RateCard
        {
            Model = new ModelKey("openai", _model),
            Rates = new TokenRates { Input = Rate.FromMicrocents(100), CachedInput = Rate.FromMicrocents(10), Output = Rate.FromMicrocents(200) },
        });
        _agent = await _sidecar.AgentAsync();
    }

    private async Task<int> CallAsync(bool stream = false, string? agent = null, string content = "Hello there, how are you?")
    {
        using var response = await _sidecar.PostAsync(
            "/v1/chat/completions", agent ?? _agent,
            $$"""{"model":"{{_model}}","max_tokens":50,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{content}}"}]}""",
            headers: [("x-cynsta-run-id", "my-run")]);
        await response.Content.ReadAsStringAsync();
        return (int)response.StatusCode;
    }

    private async Task<string> PoorAgentAsync()
    {
        var agent = Guid.NewGuid().ToString();
        await _sidecar.Engine.SetBudgetAsync(new AgentId(agent), Money.FromMicrocents(100));
        return agent;
    }

    private async Task<long> SpentAsync() => (await _sidecar.EndedAsync(_agent)).Spent;

    private List<OtlpSpan> SpansOf(string agent)
    {
        Flush();
        return [.. _collector.Spans.Where(span => span.Attributes.GetValueOrDefault("gen_ai.agent.id") == agent)];
    }

    private void Flush()
    {
        Assert.True(_sidecar.App.Services.GetRequiredService<TracerProvider>().ForceFlush());

        // Not all readers can: that of the metrics page waits for the next look at it.
        _sidecar.App.Services.GetRequiredService<MeterProvider>().ForceFlush();
    }
}
