using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace SpendGuard.Sidecar.Tests.Control;

/// <summary>Where a body is optional, one that is empty is none, whatever the client says of it; and nobody is told what a parser says.</summary>
public sealed class EmptyBodyTests(SharedSidecar shared) : IClassFixture<SharedSidecar>
{
    private SidecarFixture Sidecar => shared.Sidecar;

    [Fact]
    public async Task Pause_WithAnEmptyBody_InChunks_Pauses()
    {
        var agent = await Sidecar.AgentAsync(cents: 100);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/agents/{agent}/pause") { Content = new EmptyChunks() };

        using var answer = await Sidecar.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>As curl does for <c>-X POST -H 'content-type: application/json'</c>.</summary>
    [Fact]
    public async Task Pause_WithoutABody_ButWithItsType_Pauses()
    {
        var agent = await Sidecar.AgentAsync(cents: 100);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(Sidecar.Address).Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/agents/{agent}/pause HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"));

        Assert.StartsWith("HTTP/1.1 200 ", await new StreamReader(client.GetStream()).ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "The body is not valid JSON, from line 1, byte 2 on.")]
    [InlineData("{\"reason\":\n tru}", "The body is not valid JSON, from line 2, byte 5 on.")]
    [InlineData("""{"reason":"a","reason":"b"}""", "The body is not valid JSON: an object in it has the same name twice.")]
    public async Task Body_ThatIsNoJson_IsSaidToBe_InOurWords(string body, string sentence)
    {
        var agent = await Sidecar.AgentAsync(cents: 100);

        var refused = await Sidecar.SendAsync(HttpMethod.Post, $"/v1/agents/{agent}/pause", body);

        Assert.Equal((400, sentence), (refused.Status, (string?)refused.Body["detail"]));
    }

    private sealed class EmptyChunks : HttpContent
    {
        public EmptyChunks() => Headers.ContentType = new MediaTypeHeaderValue("application/json");

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
