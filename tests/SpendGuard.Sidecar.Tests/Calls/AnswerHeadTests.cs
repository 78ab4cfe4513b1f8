using System.Net;
using System.Net.Sockets;
using System.Text;
using SpendGuard.Sidecar.Testing;

namespace SpendGuard.Sidecar.Tests.Calls;

/// <summary>An answer that is paid for reaches the client, whatever its status line and its headers are made of.</summary>
public sealed class AnswerHeadTests
{
    private const string Body =
        """{"id":"c","object":"chat.completion","model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12}}""";

    private const string Events =
        "data: {\"model\":\"gpt-4o\",\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2,\"total_tokens\":12}}\n\ndata: [DONE]\n\n";

    private const long Cost = (10 * 250) + (2 * 1_000);

    public static TheoryData<string, string, bool> Heads()
    {
        var heads = new TheoryData<string, string, bool>();
        foreach (var stream in (bool[])[false, true])
        {
            heads.Add("200 OK", "x-name: caf\u00e9", stream);
            heads.Add("200 OK", "x-name: a\u0001b", stream);
            heads.Add("200 OK", "content-disposition: inline; filename=\"\u00fc\"", stream);
            heads.Add("200 \u00d6K", "x-name: plain", stream);
            heads.Add("299 Somehow", "x-name: plain", stream);
            heads.Add("200 OK", "content-language: \u00e4", stream);
            heads.Add("200 OK", "set-cookie: a=\u00e9", stream);
        }

        return heads;
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task Head_ThatOurServerDoesNotSend_DoesNotLoseTheAnswer(string status, string header, bool stream)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var (type, body) = stream ? ("text/event-stream", Events) : ("application/json", Body);
        var serving = ServeOnceAsync(listener, $"HTTP/1.1 {status}\r\ncontent-type: {type}\r\n{header}\r\ncontent-length: {body.Length}\r\nconnection: close\r\n\r\n{body}");
        await using var sidecar = await SidecarFixture.StartAsync(settings: ("OPENAI_BASE_URL", $"http://{listener.LocalEndpoint}/v1"));
        var agent = await sidecar.AgentAsync();

        var ask = $$"""{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":100,"stream":{{(stream ? "true" : "false")}}}""";
        var reply = await sidecar.AskAsync("/v1/chat/completions", agent, ask);
        await serving;

        Assert.Equal(status.Split(' ')[0], $"{reply.Status}");
        Assert.Contains("\"content\":\"Hi\"", reply.Text, StringComparison.Ordinal);
        Assert.Equal(Cost, await sidecar.SpentAsync(agent));
    }

    private static async Task ServeOnceAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var wire = client.GetStream();
        var seen = "";
        var buffer = new byte[4096];
        while (!seen.Contains("\r\n\r\n{", StringComparison.Ordinal) || !seen.TrimEnd().EndsWith('}'))
        {
            seen += Encoding.Latin1.GetString(buffer, 0, await wire.ReadAsync(buffer));
        }

        await wire.WriteAsync(Encoding.Latin1.GetBytes(answer));
    }
}
