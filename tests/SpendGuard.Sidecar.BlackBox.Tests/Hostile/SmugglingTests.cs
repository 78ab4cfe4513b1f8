using System.Net.Sockets;
using System.Text;

namespace SpendGuard.Sidecar.BlackBox.Tests.Hostile;

/// <summary>Requests whose length two servers could read differently: refused, and what follows on the connection is not a request.</summary>
public sealed class SmugglingTests(Sidecar sidecar) : IClassFixture<Sidecar>
{
    private const string Follower = "POST /v1/agents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";

    private const string Head = "POST /v1/agents HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    public static TheoryData<string, string> Ambiguous => new()
    {
        { "two lengths", "Content-Length: 2\r\nContent-Length: 30\r\n\r\n{}" },
        { "two equal lengths", "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}" },
        { "a list of lengths", "Content-Length: 2, 2\r\n\r\n{}" },
        { "a negative length", "Content-Length: -2\r\n\r\n{}" },
        { "a length in hex", "Content-Length: 0x2\r\n\r\n{}" },
        { "an encoding that is not known", "Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" },
        { "chunked is not last", "Transfer-Encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n" },
        { "an encoding behind a blank", "Transfer-Encoding : chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" },
        { "a bare line feed ends a chunk's size", "Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n" },
        { "a bare line feed in a chunk's extension", "Transfer-Encoding: chunked\r\n\r\n2;a\n{}\r\n0\r\n\r\n" },
        { "a bare carriage return in a chunk's extension", "Transfer-Encoding: chunked\r\n\r\n2;a\rb\r\n{}\r\n0\r\n\r\n" },
        { "a size that is none", "Transfer-Encoding: chunked\r\n\r\nz\r\n{}\r\n0\r\n\r\n" },
        { "a size out of range", "Transfer-Encoding: chunked\r\n\r\nfffffffff\r\n{}\r\n0\r\n\r\n" },
        { "a folded header", "X-A: b\r\n Content-Length: 2\r\n\r\n{}" },
        { "a null in a header", "X-A: b\0c\r\nContent-Length: 2\r\n\r\n{}" },
    };

    [Fact]
    public async Task OneLength_BothRequestsOfAConnectionAreAnswered()
    {
        var before = await CountAgentsAsync();
        var answer = await ExchangeAsync(
            Head + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + Follower.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal));
        Assert.Equal(["200", "200"], Statuses(answer));
        Assert.Equal(before + 2, await CountAgentsAsync());
    }

    [Theory]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 12\r\n\r\n2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")]
    public async Task LengthAndChunks_TheChunksCount_AndTheConnectionEnds(string rest)
    {
        var before = await CountAgentsAsync();
        Assert.Single(Statuses(await ExchangeAsync(Head + rest + Follower)));
        Assert.InRange(await CountAgentsAsync(), before, before + 1);
    }

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task AmbiguousLength_IsRefused_AndTheConnectionEnds(string what, string rest)
    {
        var before = await CountAgentsAsync();
        var status = Assert.Single(Statuses(await ExchangeAsync(Head + rest + Follower)));
        Assert.True(status[0] == '4', $"{what}: {status}");
        Assert.Equal(before, await CountAgentsAsync());
    }

    [Theory]
    [InlineData("POST /v1/agents HTTP/1.1\nHost: localhost\nContent-Type: application/json\nContent-Length: 2\n\n{}")]
    [InlineData("POST /v1/agents HTTP/1.1\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}")]
    [InlineData("POST /v1/agents HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST http://evil.example/v1/agents HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST /v1/agents HTTP/1.1\r\nHost: local/?#host\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST /v1/agents%00 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST /v1/ag\u0001ents HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("nonsense\r\n\r\n")]
    public async Task MalformedHead_IsRefused(string request)
    {
        var before = await CountAgentsAsync();
        Assert.StartsWith("4", Statuses(await ExchangeAsync(request + "\r\n\r\n"))[0], StringComparison.Ordinal);
        Assert.Equal(before, await CountAgentsAsync());
    }

    private async Task<int> CountAgentsAsync() => (await sidecar.GetAsync("/v1/agents")).Json["agents"]!.AsArray().Count;

    private static List<string> Statuses(string answer) =>
        [.. answer.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries).Select(part => part[..3])];

    /// <summary>Everything that comes back until the sidecar ends the connection.</summary>
    private async Task<string> ExchangeAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(sidecar.Process.Address.Host, sidecar.Process.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var answer = new MemoryStream();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (IOException)
        {
            // Reset: that is an end too.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
