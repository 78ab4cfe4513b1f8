using System.Net;
using System.Text;
using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Testing;

namespace SpendGuard.Extensions.AI.Tests.Counts;

/// <summary>The providers' own SDKs over a stream that is cut at any byte, by default any of the last and every fifth before them: settled at what was billed where the whole usage had come, and at the hold before.</summary>
public sealed class CutStreamTests
{
    /// <summary>So many bytes from the end, within which the usage becomes whole.</summary>
    private const int Dense = 200;

    private const string Told = "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":5,\"total_tokens\":14}";
    private const string Role = """{"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""";
    private const string Text = """{"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}""";
    private const string Finish = """{"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    public static TheoryData<string, string[], long> Shapes => new()
    {
        { "chat", [Data(Role), Data(Text), Data(Finish), Data("""{"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[],""" + Told + "}"), Data("[DONE]")], (9 * 250) + (5 * 1_000) },
        { "chat", [Data(Role), Data(Text), Data($"{Finish[..^1]},{Told}}}"), Data("[DONE]")], (9 * 250) + (5 * 1_000) },
        { "chat", [Data(Role), Data(Text), Data(Finish), Data("""{"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[{"index":0,"delta":{}}],""" + Told + "}"), Data("[DONE]")], (9 * 250) + (5 * 1_000) },
        {
            "messages",
            [
                Named("message_start", """{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"claude-sonnet-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":1}}}"""),
                Named("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""),
                Named("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}"""),
                Named("content_block_stop", """{"type":"content_block_stop","index":0}"""),
                Named("message_delta", """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":5}}"""),
                Named("message_stop", """{"type":"message_stop"}"""),
            ],
            (9 * 200) + (5 * 1_000)
        },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task StreamIsCut_IsSettledOnceTheUsageIsWhole(string api, string[] events, long billed)
    {
        await using var guarded = await Guarded.StartAsync();
        await guarded.SetBudgetAsync(Money.FromDollars(1_000));
        var bytes = Encoding.UTF8.GetBytes(string.Concat(events));
        var settled = 0;
        for (var (cut, call) = (1, 1); cut <= bytes.Length; cut += Soak.IsOn || cut + Dense > bytes.Length ? 1 : 5, call++)
        {
            using var http = new HttpClient(new CutAnswer(bytes, cut));
            var leaf = api == "chat" ? guarded.Completions(http: http) : guarded.Messages(http: http);
            await Record.ExceptionAsync(() => guarded.Guard(leaf).AskAsync("hello", stream: true, new ChatOptions { MaxOutputTokens = 100 }));

            var end = await guarded.EndAsync(call);
            Assert.True(end.Kind == LedgerEntryKind.Forfeited ? end.Amount.Microcents >= billed : end.Amount.Microcents == billed, $"Cut at {cut}: {end}");
            settled += end.Kind == LedgerEntryKind.Settled ? 1 : 0;
        }

        // The last event, and the line that ends the one with the usage.
        Assert.True(settled > events[^1].Length, $"Only {settled} are settled.");
    }

    private static string Data(string data) => $"data: {data}\n\n";

    private static string Named(string name, string data) => $"event: {name}\ndata: {data}\n\n";

    /// <summary>Answers with a stream of which some bytes come, and then a failure.</summary>
    private sealed class CutAnswer(byte[] bytes, int cut) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var content = new StreamContent(new CutBody(bytes[..cut], breaks: cut < bytes.Length));
            content.Headers.ContentType = new("text/event-stream");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request });
        }
    }

    private sealed class CutBody(byte[] bytes, bool breaks) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, count) is var read && read == 0 && count > 0 && breaks ? throw new IOException("The connection is cut here.") : read;
    }
}
