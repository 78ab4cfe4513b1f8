using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SpendGuard.Alerts;
using SpendGuard.Alerts.Webhooks;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Alerts.Webhooks;

public sealed class WebhookSinkTests
{
    private static readonly WebhookSecret Secret = WebhookSecret.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    private readonly DeliveryBench _bench = new();

    [Fact]
    public async Task Request_IsOfTheStandardForm()
    {
        await using var receiver = await ScriptedProvider.AnsweringAsync("{}", 204);
        using var sink = Sink(receiver.Address + "/hooks?token=secret");

        await sink.SendAsync(SomeAlert.Of(), default);

        var request = Assert.Single(receiver.Requests);
        Assert.Equal("/hooks?token=secret", request.Target);
        Assert.Equal(AlertJson.Write(SomeAlert.Of()), request.Body);
        Assert.Equal(
            ["Content-Length", "Content-Type", "Host", "User-Agent", "webhook-id", "webhook-signature", "webhook-timestamp"],
            request.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal("evt_1", request.Headers["webhook-id"]);
        Assert.Equal("1795780800", request.Headers["webhook-timestamp"]);
        Assert.DoesNotContain("secret", sink.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSameAlert_OfTwoOrganizations_IsToldApart()
    {
        await using var receiver = await ScriptedProvider.AnsweringAsync("{}", 204);
        foreach (var organization in (string[])["red", "blue"])
        {
            using var sink = new WebhookSink(new Uri(receiver.Address), [Secret], publicOnly: false) { Organization = organization };
            await sink.SendAsync(SomeAlert.Of(), default);
        }

        Assert.Equal(2, receiver.Requests.Select(request => request.Headers["webhook-id"]).Distinct(StringComparer.Ordinal).Count());
        Assert.All(receiver.Requests, request => Assert.StartsWith("evt_1_", request.Headers["webhook-id"], StringComparison.Ordinal));
        Assert.Contains("\"organization_id\":\"blue\"", receiver.Requests.Last().Body, StringComparison.Ordinal);
        Assert.Contains($"\"id\":\"{receiver.Requests.Last().Headers["webhook-id"]}\"", receiver.Requests.Last().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receiver_DownAtFirst_GetsItLater_OnceAndUnderTheSameId()
    {
        var answers = 0;
        await using var receiver = await ScriptedProvider.StartAsync(context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref answers) <= 3 ? 503 : 200;
            return Task.CompletedTask;
        });
        using var sink = Sink(receiver.Address);
        await using var delivery = Deliver(sink);

        await _bench.ProgressedAsync("evt_1", sink.Name, static progress => progress.DeliveredAt is not null, TimeSpan.FromMinutes(1));

        Assert.Equal(4, receiver.Requests.Count);
        Assert.Single(receiver.Requests.Select(request => request.Headers["webhook-id"]).Distinct(StringComparer.Ordinal));
        Assert.Equal(4, receiver.Requests.Select(request => request.Headers["webhook-timestamp"]).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(3, _bench.Log.At(LogLevel.Warning).Count(line => line.Contains("It answered 503.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Receiver_ThatIsNotThere_GetsItWhenItIs()
    {
        var port = FreePort();
        using var sink = Sink($"http://127.0.0.1:{port}");
        await using var delivery = Deliver(sink);
        await _bench.ProgressedAsync("evt_1", sink.Name, static progress => progress.Failure == "It could not be reached: ConnectionRefused.");

        await using var receiver = new RawReceiver(port, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await DeliveredAsync(sink);
    }

    [Fact]
    public async Task Receiver_ThatHangs_IsGivenUpAfterAWhile_AndTriedAgain()
    {
        var hangs = true;
        await using var receiver = await ScriptedProvider.StartAsync(context => Volatile.Read(ref hangs) ? Task.Delay(-1, context.RequestAborted) : Task.CompletedTask);
        using var sink = Sink(receiver.Address);
        await using var delivery = Deliver(sink);
        await Eventually.HoldsAsync(() => receiver.Requests.Count == 1);

        await _bench.TimedOutAsync("evt_1", sink.Name);
        Volatile.Write(ref hangs, false);
        await DeliveredAsync(sink);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_IsNotFollowed(int status)
    {
        await using var receiver = await ScriptedProvider.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        using var sink = Sink(receiver.Address);

        var refused = await Assert.ThrowsAsync<NotDeliveredException>(async () => await sink.SendAsync(SomeAlert.Of(), default));

        Assert.Equal($"It answered {status}, which leads elsewhere and is not followed. Set the webhook to the address where the receiver is now.", refused.Message);
        Assert.Single(receiver.Requests);
        Assert.False(refused.IsGone);
    }

    [Theory]
    [InlineData(410, true)]
    [InlineData(404, false)]
    [InlineData(400, false)]
    [InlineData(500, false)]
    public async Task OnlyGone_IsTheEnd(int status, bool isGone)
    {
        await using var receiver = await ScriptedProvider.AnsweringAsync("{}", status);
        using var sink = Sink(receiver.Address);

        Assert.Equal(isGone, (await Assert.ThrowsAsync<NotDeliveredException>(async () => await sink.SendAsync(SomeAlert.Of(), default))).IsGone);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("Fri, 27 Nov 2026 12:05:00 GMT", 300)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public async Task RetryAfter_IsRead(string? header, int? seconds)
    {
        await using var receiver = await ScriptedProvider.StartAsync(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = header;
            return Task.CompletedTask;
        });
        using var sink = Sink(receiver.Address);

        var refused = await Assert.ThrowsAsync<NotDeliveredException>(async () => await sink.SendAsync(SomeAlert.Of(), default));

        Assert.Equal(seconds, refused.RetryAfter?.TotalSeconds);
    }

    /// <summary>An answer that has no end is not waited for: its head says all.</summary>
    [Fact]
    public async Task Answer_IsNotRead()
    {
        await using var receiver = await ScriptedProvider.StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[1000], context.RequestAborted);
            }
        });
        using var sink = Sink(receiver.Address);

        await sink.SendAsync(SomeAlert.Of(), default);
    }

    [Fact]
    public async Task Answer_WithoutEndInItsHead_IsAFailure()
    {
        await using var receiver = new RawReceiver(0, "HTTP/1.1 200 OK\r\nx: " + new string('x', 100_000));
        using var sink = Sink($"http://127.0.0.1:{receiver.Port}");

        await Assert.ThrowsAsync<NotDeliveredException>(async () => await sink.SendAsync(SomeAlert.Of(), default));
    }

    [Fact]
    public async Task Certificate_IsChecked()
    {
        // What answers is no TLS at all.
        await using var receiver = await ScriptedProvider.AnsweringAsync("{}");
        using var sink = Sink(receiver.Address.Replace("http://", "https://", StringComparison.Ordinal));

        var refused = await Assert.ThrowsAsync<NotDeliveredException>(async () => await sink.SendAsync(SomeAlert.Of(), default));

        Assert.Equal("It could not be reached: SecureConnectionError.", refused.Message);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public void Webhook_WithoutSecret_IsRefused() => Assert.Throws<ArgumentException>(() => new WebhookSink(new Uri("https://example.com"), [], publicOnly: true));

    [Theory]
    [InlineData("whsec_")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_!!!!")]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void Secret_OfAnotherForm_IsRefused_AndNotRepeated(string text)
    {
        var refused = Assert.Throws<FormatException>(() => WebhookSecret.Parse(text));

        Assert.False(text.Length > 6 && refused.Message.Contains(text, StringComparison.Ordinal));
        Assert.Equal("whsec_…", Secret.ToString());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private WebhookSink Sink(string address) => new(new Uri(address), [Secret], publicOnly: false, _bench.Time);

    private AlertDelivery Deliver(WebhookSink sink)
    {
        _bench.Raise("evt_1");
        return _bench.Start(sink);
    }

    private Task DeliveredAsync(WebhookSink sink) => _bench.DeliveredAsync("evt_1", sink.Name);
}
