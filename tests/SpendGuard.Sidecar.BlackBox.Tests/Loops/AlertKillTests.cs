using SpendGuard.Testing;

namespace SpendGuard.Sidecar.BlackBox.Tests.Loops;

/// <summary>A sidecar is killed before its alert is delivered, and the next one on its file delivers it, without being called.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class AlertKillTests : IAsyncLifetime
{
    private ScriptedProvider _receiver = null!;
    private WithWebhook _sidecar = null!;
    private int _status = 503;

    public async Task InitializeAsync()
    {
        _receiver = await ScriptedProvider.StartAsync(context =>
        {
            context.Response.StatusCode = _status;
            return Task.CompletedTask;
        });
        _sidecar = new WithWebhook(_receiver.Address);
        await _sidecar.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _sidecar.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task AlertOfAProcessThatWasKilled_IsDeliveredByTheNext()
    {
        var agent = await _sidecar.AgentAsync();
        Assert.Equal(200, (await _sidecar.PostAsync($"/v1/agents/{agent}/pause", "{}")).Status);
        await Poll.UntilAsync(() => _receiver.Requests.Count == 1, "the first attempt");
        await Poll.UntilAsync(async () => (await _sidecar.GetAsync("/v1/alerts")).Text.Contains("It answered 503.", StringComparison.Ordinal), told => told, "its failure");
        await _sidecar.Process.KillAsync();
        _status = 204;

        await _sidecar.StartAsync();

        await Poll.UntilAsync(() => _receiver.Requests.Count == 2, "the second attempt");
        Assert.Single(_receiver.Requests.Select(request => request.Headers["webhook-id"]).Distinct(StringComparer.Ordinal));
    }

    private sealed class WithWebhook(string receiver) : Sidecar
    {
        protected override IReadOnlyDictionary<string, string> Changes { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CAP_ALERT_WEBHOOK_URL"] = receiver,
            ["CAP_ALERT_WEBHOOK_SECRET"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        };
    }
}
