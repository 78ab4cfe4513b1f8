using System.Net;
using SpendGuard.Billing;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Testing;

namespace SpendGuard.Sidecar.Tests.Forwarding;

/// <summary>A body that one hold pays for does not go out twice.</summary>
public sealed class SentOnceTests
{
    [Fact]
    public async Task CallThatWasCut_IsNotTaken()
    {
        using var content = new SentOnce("{}"u8.ToArray());
        using var wire = new MemoryStream();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => content.CopyToAsync(wire, new CancellationToken(canceled: true)));

        Assert.False(content.WasSent);
        Assert.Empty(wire.ToArray());
    }

    [Fact]
    public async Task SecondSending_IsRefused()
    {
        using var content = new SentOnce("{}"u8.ToArray());
        using var sent = new MemoryStream();
        await content.CopyToAsync(sent);

        await Assert.ThrowsAsync<NotTakenUpException>(() => content.CopyToAsync(sent));
        Assert.Equal("{}"u8.ToArray(), sent.ToArray());
        Assert.Equal(2, content.Headers.ContentLength);
    }

    /// <summary>A server that refuses a stream, or goes away before it, has not begun with the request; after any other reset it may have.</summary>
    /// <param name="error">The code that the stream is reset with; null where the server goes away.</param>
    /// <param name="proves">Whether that proves that the call cost nothing.</param>
    [Theory]
    [InlineData((byte)7, true)]
    [InlineData(null, true)]
    [InlineData((byte)1, false)]
    [InlineData((byte)2, false)]
    [InlineData((byte)8, false)]
    public async Task ServerTurnsTheRequestAway_CostsNothingWhereItSaysSo(byte? error, bool proves)
    {
        await using var server = new RefusingHttp2Server(error);
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new SentOnce("{}"u8.ToArray()),
        };
        var failure = await Assert.ThrowsAnyAsync<HttpRequestException>(() => invoker.SendAsync(request, CancellationToken.None));

        Assert.Equal(1, server.Requests);
        Assert.Equal(proves, ProviderReport.Failed(failure, "no answer came").Unbilled);
        invoker.Dispose();
    }
}
