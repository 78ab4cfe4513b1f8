using System.Text.Json;
using SpendGuard.Alerts;
using SpendGuard.Alerts.Webhooks;
using SpendGuard.Storage;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Alerts.Webhooks;

/// <summary>What is delivered, taken by an independent implementation of a receiver.</summary>
[Trait(Traits.Needs, Traits.Node)]
public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Next = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    [Fact]
    public async Task Receiver_VerifiesWhatIsDelivered()
    {
        var request = await DeliverAsync(Secret);

        var taken = await TakeAsync(request, Secret);

        Assert.Equal("spendguard.limit.threshold", taken.GetProperty("payload").GetProperty("type").GetString());
        Assert.Equal(50_000, taken.GetProperty("payload").GetProperty("data").GetProperty("granted_cents").GetInt64());
    }

    [Fact]
    public async Task Receiver_VerifiesByEitherSecret_WhileItIsChanged()
    {
        var request = await DeliverAsync(Secret, Next);

        Assert.True((await TakeAsync(request, Secret)).TryGetProperty("payload", out _));
        Assert.True((await TakeAsync(request, Next)).TryGetProperty("payload", out _));
    }

    [Fact]
    public async Task Receiver_RefusesWhatWasChangedOnTheWay()
    {
        var request = await DeliverAsync(Secret);
        var other = new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase) { ["webhook-id"] = "evt_2" };

        Assert.Equal("No matching signature found", await RefusalAsync(request with { Body = request.Body.Replace("80", "81", StringComparison.Ordinal) }, Secret));
        Assert.Equal("No matching signature found", await RefusalAsync(request with { Headers = other }, Secret));
        Assert.Equal("No matching signature found", await RefusalAsync(request, Next));
    }

    private static async Task<ScriptedRequest> DeliverAsync(params string[] secrets)
    {
        await using var receiver = await ScriptedProvider.AnsweringAsync("{}");
        using var sink = new WebhookSink(new Uri(receiver.Address), [.. secrets.Select(WebhookSecret.Parse)], publicOnly: false);
        var outbox = new InMemoryAlerts();
        await using var delivery = new AlertDelivery(outbox, [sink], TimeProvider.System, new RecordedLog().CreateLogger("delivery"));
        outbox.Add([SomeAlert.Of(at: TimeProvider.System.GetUtcNow())]);
        delivery.Pulse();
        await Eventually.HoldsAsync(() => receiver.Requests.Count == 1);
        return receiver.Requests.Single();
    }

    private static async Task<string?> RefusalAsync(ScriptedRequest request, string secret) => (await TakeAsync(request, secret)).GetProperty("error").GetString();

    private static async Task<JsonElement> TakeAsync(ScriptedRequest request, string secret)
    {
        var folder = Repository.Path("tests", "clients-node");
        Assert.True(
            Directory.Exists(Path.Combine(folder, "node_modules", "standardwebhooks")),
            "The npm packages are not there. ./test.sh installs them; by hand: npm ci --ignore-scripts, in tests/clients-node.");
        var result = await ChildProcess.RunAsync(
            "node",
            [Path.Combine(folder, "webhook.mjs"), JsonSerializer.Serialize(new { secret, headers = request.Headers, body = request.Body })],
            new Dictionary<string, string?>(StringComparer.Ordinal));
        Assert.True(result.ExitCode == 0, $"webhook: {result}");
        return JsonElement.Parse(result.Output);
    }
}
