using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Sidecar.Tests.Control.Tree;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Alerts;

/// <summary>From a loop that never stops to the receiver of its alert.</summary>
public sealed class WebhookTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>It is now when the alert comes at last: a receiver takes none that is older or newer than five minutes.</summary>
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow - TimeSpan.FromMinutes(7) - TimeSpan.FromSeconds(7));

    [Fact]
    [Trait(Traits.Needs, Traits.Node)]
    public async Task RunawayLoop_IsPaused_AndToldOnce_ToAReceiverThatWasDown()
    {
        var statuses = new Queue<int>([503, 500]);
        await using var receiver = await ScriptedProvider.StartAsync(context =>
        {
            context.Response.StatusCode = statuses.TryDequeue(out var status) ? status : 204;
            return Task.CompletedTask;
        });
        await using var sidecar = await StartAsync(receiver);
        await LimitAsync(sidecar, "pause");

        var refused = await LoopAsync(sidecar);
        await FailedAsync(sidecar, "It answered 503.");
        _time.Advance(TimeSpan.FromSeconds(7));
        await FailedAsync(sidecar, "It answered 500.");
        _time.Advance(TimeSpan.FromMinutes(7));
        await Eventually.HoldsAsync(async () => (await DeliveryAsync(sidecar))["delivered_at"] is not null);

        Assert.Equal(403, refused.Status);
        Assert.Equal(3, receiver.Requests.Count);
        Assert.Single(receiver.Requests.Select(request => request.Headers["webhook-id"]).Distinct());
        var payload = await TakeAsync(receiver.Requests.Last());
        Assert.Equal(("spendguard.node.paused", "acme"), ((string)payload["type"]!, (string)payload["data"]!["node_id"]!));
    }

    /// <summary>A link is the key to what it approves: it goes where alerts are to be answered, and is not kept with them.</summary>
    [Fact]
    public async Task RequestForApproval_BringsItsLink_ToReceiversAlone()
    {
        await using var receiver = await ScriptedProvider.StartAsync(_ => Task.CompletedTask);
        await using var sidecar = await SidecarFixture.StartAsync(settings:
        [
            ("CAP_ALERT_WEBHOOK_URL", receiver.Address + "/hook"), ("CAP_ALERT_WEBHOOK_SECRET", Secret),
            ("SPENDGUARD_APPROVAL_LINK_SECRET", "a secret of at least thirty-two characters"), ("SPENDGUARD_PUBLIC_URL", "https://spend.example/"),
        ]);
        await sidecar.GroupAsync("acme");
        await sidecar.MemberAsync("ann", "acme");
        await sidecar.LimitAsync("groups/acme", "day", """{"amount_cents":0,"action":"ask"}""");

        var id = (string?)(await sidecar.ChatAsync("ann")).Body["approval_id"];
        await Eventually.HoldsAsync(() => receiver.Requests.Count == 1);

        var asked = (await sidecar.GetAsync($"/v1/approvals/{id}")).Body;
        var told = JsonNode.Parse(Assert.Single(receiver.Requests).Body)!["data"]!;
        Assert.Equal((id, (string?)asked["approve_url"]), ((string?)told["approval_id"], (string?)told["approve_url"]));
        Assert.StartsWith("https://spend.example/v1/approvals/", (string?)told["approve_url"], StringComparison.Ordinal);
        Assert.DoesNotContain("https://spend.example", (await sidecar.GetAsync("/v1/alerts")).Body.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(sidecar.Log.At(LogLevel.Warning), line => line.Contains("https://spend.example", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReceiverThatHangs_DelaysNoCall()
    {
        var hung = new TaskCompletionSource();
        await using var receiver = await ScriptedProvider.StartAsync(_ => hung.Task);
        await using var sidecar = await StartAsync(receiver);
        await LimitAsync(sidecar, "refuse", "[1,2,3,4,5,6,7,8]");

        var reply = await sidecar.ChatAsync("ann", maxTokens: 400);
        await Eventually.HoldsAsync(() => receiver.Requests.Count == 1);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(200, (await sidecar.ChatAsync("ann", maxTokens: 20)).Status);
        }

        Assert.Equal(200, reply.Status);
        Assert.Single(receiver.Requests);
        hung.SetResult();
    }

    [Theory]
    [InlineData("https://alerts.example", null, "CAP_ALERT_WEBHOOK_SECRET is not")]
    [InlineData(null, Secret, "CAP_ALERT_WEBHOOK_URL is not")]
    [InlineData("https://alerts.example", "sesame", "CAP_ALERT_WEBHOOK_SECRET: The secret of a webhook is 'whsec_'")]
    [InlineData("alerts.example", Secret, "CAP_ALERT_WEBHOOK_URL has an address that is none")]
    [InlineData("http://192.0.2.1/", Secret, "CAP_ALERT_WEBHOOK_URL: The host '192.0.2.1'")]
    [InlineData("https://user:word@alerts.example", Secret, "CAP_ALERT_WEBHOOK_URL: The address of a webhook can have no user")]
    public async Task Settings_ThatAreWrong_AreToldAtStart(string? url, string? secret, string sentence)
    {
        var refusal = await Assert.ThrowsAsync<Sidecar.Settings.SettingsException>(() => SidecarFixture.StartAsync(
            prices: null, ("CAP_ALERT_WEBHOOK_URL", url), ("CAP_ALERT_WEBHOOK_SECRET", secret)));

        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("word@", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", refusal.Message, StringComparison.Ordinal);
    }

    private Task<SidecarFixture> StartAsync(ScriptedProvider receiver) => SidecarFixture.StartAsync(
        _time, prices: null, ("CAP_ALERT_WEBHOOK_URL", receiver.Address + "/hook?secret=1"), ("CAP_ALERT_WEBHOOK_SECRET", Secret));

    private static async Task LimitAsync(SidecarFixture sidecar, string action, string alertAt = "[]")
    {
        sidecar.Provider.Behaviour = new Behaviour { GenerateToTheCap = true };
        await sidecar.GroupAsync("acme");
        await sidecar.MemberAsync("ann", "acme");
        await sidecar.LimitAsync("groups/acme", "rolling-1h", $$"""{"amount_cents":1,"action":"{{action}}","alert_at":{{alertAt}}}""");
    }

    private static async Task<Reply> LoopAsync(SidecarFixture sidecar)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await sidecar.ChatAsync("ann", maxTokens: 4_000) is { Status: not 200 } refused)
            {
                return refused;
            }
        }

        throw new InvalidOperationException("The loop has not ended.");
    }

    private static Task FailedAsync(SidecarFixture sidecar, string failure) => Eventually.HoldsAsync(async () => (string?)(await DeliveryAsync(sidecar))["failure"] == failure);

    private static async Task<JsonNode> DeliveryAsync(SidecarFixture sidecar) =>
        Assert.Single((await sidecar.GetAsync("/v1/alerts")).Body["alerts"]!.AsArray())!["deliveries"]!.AsArray().Single(delivery => (string)delivery!["sink"]! != "log")!;

    private static async Task<JsonNode> TakeAsync(ScriptedRequest request)
    {
        var folder = Repository.Path("tests", "clients-node");
        var result = await ChildProcess.RunAsync(
            "node",
            [Path.Combine(folder, "webhook.mjs"), JsonSerializer.Serialize(new { secret = Secret, headers = request.Headers, body = request.Body })],
            new Dictionary<string, string?>(StringComparer.Ordinal));
        Assert.True(result.ExitCode == 0, $"webhook: {result}");
        return JsonNode.Parse(result.Output)!["payload"] ?? throw new InvalidOperationException(result.Output);
    }
}
