using System.Text;
using SpendGuard.Billing;
using SpendGuard.Providers.Anthropic;
using SpendGuard.Sidecar.Calls.Relay;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Dialects.Gemini;
using SpendGuard.Sidecar.Dialects.OpenAI.Chat;
using SpendGuard.Sidecar.Dialects.OpenAI.Responses;

namespace SpendGuard.Sidecar.Tests.Properties;

/// <summary>
/// A stream with its usage in any of the places where it can stand, cut at every byte: what is read is either the whole usage, or no more
/// than a part of it, and says so.
/// </summary>
public sealed class CutStreamTests
{
    private const string Told = "\"usage\":{\"prompt_tokens\":900,\"completion_tokens\":50,\"total_tokens\":950,\"prompt_tokens_details\":{\"cached_tokens\":100}}";
    private const string Some = "\"usage\":{\"prompt_tokens\":900,\"completion_tokens\":20,\"total_tokens\":920,\"prompt_tokens_details\":{\"cached_tokens\":100}}";
    private const string Role = """{"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""";
    private const string Text = """{"model":"m","choices":[{"index":0,"delta":{"content":"a \"usage\""},"finish_reason":null}]}""";
    private const string Finish = """{"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
    private const string Alone = """{"model":"m","choices":[],""" + Told + "}";
    private const string Empty = """{"model":"m","choices":[{"index":0,"delta":{}}]}""";
    private const string Done = "[DONE]";

    private static readonly Usage Whole = new() { Input = 800, CachedInput = 100, Output = 50 };

    /// <summary>The name of the shape, its format, its events, and the one with which the usage is whole; -1 for none.</summary>
    public static TheoryData<string, string, string[], int> Shapes => new()
    {
        { "in a chunk of its own", "chat", [Role, Text, Finish, Alone, Done], 3 },
        { "in a chunk of its own, before the finish", "chat", [Role, Text, Alone, Finish, Done], 3 },
        { "beside the finish", "chat", [Role, Text, With(Finish, Told), Done], 2 },
        { "beside the finish, then a chunk without", "chat", [Role, Text, With(Finish, Told), Empty, Done], 2 },
        { "beside an empty choice", "chat", [Role, Text, Finish, With(Empty, Told), Done], 3 },
        { "within a choice", "chat", [Role, Text, Finish.Replace("\"finish_reason\":\"stop\"", "\"finish_reason\":\"stop\"," + Told, StringComparison.Ordinal), Done], 2 },
        { "within a choice, and then alone", "chat", [Role, Text, Finish.Replace("\"finish_reason\":\"stop\"", "\"finish_reason\":\"stop\"," + Told, StringComparison.Ordinal), Alone, Done], 2 },
        { "in an object of the vendor's", "chat", [Role, Text, With(Finish, "\"x_groq\":{\"id\":\"r\"," + Told + "}"), Done], 2 },
        { "running", "chat", [With(Role, Some), With(Text, Some), With(Finish, Told), Done], 3 },
        { "running, and then alone", "chat", [With(Role, Some), With(Text, Some), With(Finish, Some), Alone, Done], 3 },
        { "after the end", "chat", [Role, Text, Finish, Done, Alone], 4 },
        { "before more of the answer", "chat", [Role, Alone, Text, Finish, Done], -1 },
        { "not at all", "chat", [Role, Text, Finish, Done], -1 },
        {
            "in the last event", "responses",
            ["""{"type":"response.created","response":{"model":"m","usage":null}}""", """{"type":"response.output_text.delta","delta":"a"}""", Response("response.completed", 50)], 2
        },
        { "of one that failed", "responses", [Response("response.in_progress", 20), Response("response.failed", 50)], 1 },
        { "in an earlier event", "responses", [Response("response.in_progress", 20), """{"type":"response.output_text.delta","delta":"a"}"""], -1 },
        {
            "when it stops", "anthropic",
            [Start, Piece, """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":50}}""", """{"type":"message_stop"}"""], 2
        },
        {
            "after it has stopped", "anthropic",
            [Start, Piece, """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""", """{"type":"message_delta","usage":{"output_tokens":50}}""", """{"type":"message_stop"}"""], 3
        },

        // One of before the stop would look alike, had it come late.
        {
            "with a change after it has stopped", "anthropic",
            [Start, Piece, """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""", """{"type":"message_delta","delta":{},"usage":{"output_tokens":50}}""", """{"type":"message_stop"}"""], -1
        },
        { "at its start", "anthropic", [Start, Piece, """{"type":"message_stop"}"""], -1 },
        { "in every chunk", "gemini", [Chunk(20), Chunk(30), Chunk(50, "\"finishReason\":\"STOP\",")], 2 },
        { "in a chunk of its own", "gemini", [Chunk(20), """{"candidates":[{"finishReason":"STOP"}]}""", Chunk(50).Replace(Candidate, "", StringComparison.Ordinal)], 2 },
        { "in all but the last that says something", "gemini", [Chunk(20), """{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]}"""], -1 },
    };

    private const string Start =
        """{"type":"message_start","message":{"model":"m","usage":{"input_tokens":800,"cache_read_input_tokens":100,"output_tokens":1}}}""";

    private const string Piece = """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a \"message_stop\""}}""";
    private const string Candidate = """ "candidates":[{"content":{"parts":[{"text":"a"}]}}],""";

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task StreamIsCutAtEveryByte_UsageIsWholeOrSaysThatItIsNot(string _, string format, string[] events, int last)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(events.Select(Event)));
        var whole = last < 0 ? int.MaxValue : Encoding.UTF8.GetByteCount(string.Concat(events.Take(last + 1).Select(Event)).TrimEnd());
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var report = await ReadAsync(format, bytes[..cut]);
            var isWhole = report is { Usage: not null, Incomplete: null };

            Assert.True(isWhole == (cut >= whole), $"Cut at {cut} of {bytes.Length}, whole from {whole} on: {report.Incomplete}");
            if (isWhole)
            {
                Assert.Equal(Whole, report.Usage);
            }
            else if (report.Usage is { } known)
            {
                Assert.InRange(known.TotalInput, 0, Whole.TotalInput);
                Assert.InRange(known.TotalOutput, 0, Whole.TotalOutput);
            }
        }
    }

    private static async Task<ProviderReport> ReadAsync(string format, byte[] bytes)
    {
        IEventReader reader = format switch
        {
            "chat" => new OpenAIChatEvents("another", clientAskedForUsage: true),
            "responses" => new OpenAIResponsesEvents("another"),
            "anthropic" => new AnthropicEvents(new AnthropicMessageReader(longCacheWrites: false)),
            _ => new GeminiEvents(),
        };
        using var body = new MemoryStream(bytes);
        await foreach (var passed in EventSplitter.SplitAsync(body, CancellationToken.None))
        {
            reader.Observe(EventData.Of(passed.Span));
        }

        return reader.Report;
    }

    private static string Event(string data) => $"data: {data}\n\n";

    private static string With(string chunk, string more) => $"{chunk[..^1]},{more}}}";

    private static string Response(string type, int output) => $$"""
        {"type":"{{type}}","response":{"model":"m","usage":{"input_tokens":900,"input_tokens_details":{"cached_tokens":100},"output_tokens":{{output}},"total_tokens":{{900 + output}} } } }
        """;

    private static string Chunk(int output, string finish = "") => $$"""
        { {{Candidate.Replace("{\"content", "{" + finish + "\"content", StringComparison.Ordinal)}} "usageMetadata":{"promptTokenCount":900,"cachedContentTokenCount":100,"candidatesTokenCount":{{output}},"totalTokenCount":{{900 + output}} } }
        """;
}
