using System.Net;
using SpendGuard.Alerts;
using SpendGuard.Alerts.Webhooks;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Alerts.Webhooks;

/// <summary>In hosted mode a webhook goes to the public internet, whatever its address and the DNS say.</summary>
public sealed class WebhookAddressTests
{
    private static readonly WebhookSecret Secret = WebhookSecret.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("10.255.255.255")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("192.168.255.255")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("100.100.100.200")]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.0.1")]
    [InlineData("168.63.129.16")]
    [InlineData("192.0.0.192")]
    [InlineData("192.0.2.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("192.88.99.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fc00::1")]
    [InlineData("fdff::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("febf::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("3fff::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("64:ff9b::127.0.0.1")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b::10.1.2.3")]
    [InlineData("64:ff9b:1::8.8.8.8")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("2002:0a00:1::1")]
    [InlineData("2002:c0a8:1::1")]
    public void Address_OfSomebodysOwn_IsNotPublic(string address) => Assert.False(PublicAddress.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("168.63.129.17")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450::1")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::1.1.1.1")]
    [InlineData("2002:0101:0101::1")]
    public void Address_OnTheInternet_IsPublic(string address) => Assert.True(PublicAddress.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://example.com/", true)]
    [InlineData("ftp://example.com/", true)]
    [InlineData("ftp://example.com/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("/hooks", true)]
    [InlineData("https://user@example.com/", true)]
    [InlineData("https://user:hidden@example.com/", false)]
    [InlineData("https://example.com/#part", true)]
    [InlineData("https://127.0.0.1/", true)]
    [InlineData("https://2130706433/", true)]
    [InlineData("https://0x7f.1/", true)]
    [InlineData("https://[::1]/", true)]
    [InlineData("https://[::ffff:10.0.0.1]/", true)]
    [InlineData("https://169.254.169.254/latest/meta-data", true)]
    [InlineData("http://10.0.0.1/", false)]
    [InlineData("http://1.1.1.1/", false)]
    public void Address_ThatCanBeToldToBeWrong_IsRefusedAtOnce(string address, bool hosted)
    {
        var refused = Assert.Throws<ArgumentException>(() => Sink(new Uri(address, UriKind.RelativeOrAbsolute), hosted, "1.1.1.1"));

        Assert.DoesNotContain("hidden", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://example.com:8443/hooks?x=1", true)]
    [InlineData("https://1.1.1.1/", true)]
    [InlineData("https://[2606:4700:4700::1111]/", true)]
    [InlineData("https://intern.example/", false)]
    [InlineData("https://10.0.0.1/", false)]
    [InlineData("http://localhost:9000/", false)]
    [InlineData("http://127.0.0.1:9000/", false)]
    [InlineData("http://[::1]:9000/", false)]
    public void Address_ThatMayBe_IsTaken(string address, bool hosted) => Sink(new Uri(address), hosted, "1.1.1.1").Dispose();

    /// <summary>The name may have had another address when it was checked first, and one bad address of several is enough.</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("1.1.1.1 10.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task Name_ThatLeadsInside_IsNotConnectedTo(string addresses)
    {
        await using var inside = await ScriptedProvider.AnsweringAsync("{}");
        using var sink = Sink(new Uri($"https://rebound.example:{new Uri(inside.Address).Port}/"), hosted: true, addresses);

        var refused = await Assert.ThrowsAsync<NotDeliveredException>(async () => await sink.SendAsync(SomeAlert.Of(), default));

        Assert.Contains("which is not public", refused.Message, StringComparison.Ordinal);
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task Connection_IsMadeToAnAddressThatWasChecked()
    {
        await using var receiver = await ScriptedProvider.AnsweringAsync("{}");
        var asked = new List<string>();
        using var sink = new WebhookSink(
            new Uri($"http://no-such-host.invalid:{new Uri(receiver.Address).Port}/"),
            [Secret],
            new WebhookAddresses(publicOnly: false, (host, _) =>
            {
                asked.Add(host);
                return Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback]);
            }),
            TimeProvider.System);

        await sink.SendAsync(SomeAlert.Of(), default);

        Assert.Equal(["no-such-host.invalid"], asked);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task Http_ToAnotherMachine_IsNotSent()
    {
        using var sink = Sink(new Uri("http://receiver.example/"), hosted: false, "10.0.0.1");

        var refused = await Assert.ThrowsAsync<NotDeliveredException>(async () => await sink.SendAsync(SomeAlert.Of(), default));

        Assert.Equal("The host 'receiver.example' of the webhook has the address 10.0.0.1, which is not this machine: use https://.", refused.Message);
    }

    private static WebhookSink Sink(Uri address, bool hosted, string resolved) => new(
        address,
        [Secret],
        new WebhookAddresses(hosted, (_, _) => Task.FromResult<IPAddress[]>([.. resolved.Split(' ').Select(IPAddress.Parse)])),
        TimeProvider.System);
}
