using System.IO.Compression;
using System.Text;
using SpendGuard.Budgets;
using SpendGuard.Testing;

namespace SpendGuard.Sidecar.Tests.Calls.Relay;

/// <summary>Answers whose writing is not quite what the format or the headers say: what they tell of the cost is charged all the same.</summary>
public sealed class OddAnswerTests
{
    private const string Chat = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}""";
    private const string Usage = "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":90000,\"total_tokens\":90010}";
    private const string Whole = "{\"model\":\"gpt-4o\",\"choices\":[{\"message\":{\"content\":\"a\"}}],\"service_tier\":\"default\"," + Usage + "}";
    private const string Piece = "{\"model\":\"gpt-4o\",\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}],\"service_tier\":\"default\"}";
    private const string Last = "{\"model\":\"gpt-4o\",\"choices\":[],\"service_tier\":\"default\"," + Usage + "}";
    private const string Events = $"data: {Piece}\n\ndata: {Last}\n\ndata: [DONE]\n\n";

    private const long Cost = (10 * 250) + (90_000 * 1_000);

    /// <summary>What is odd, the type of the answer, and its body.</summary>
    public static TheoryData<string, string?, string> Answers => new()
    {
        { "a mark before it", "application/json", "\uFEFF" + Whole },
        { "a nought behind it", "application/json", Whole + "\n\0" },
        { "something else behind it", "application/json", Whole + "}" },
        { "numbers that JSON does not have", "application/json", Whole.Replace("\"message\"", "\"logprobs\":[-Infinity,NaN,Infinity],\"message\"", StringComparison.Ordinal) },
        { "depth", "application/json", Whole[..^1] + ",\"x\":" + new string('[', 100) + new string(']', 100) + "}" },
        { "a list of one", "application/json", $"[{Last}]" },
        { "a list of pieces", "application/json", $"[{Piece},{Last}]" },
        { "lines", "application/x-ndjson", $"{Piece}\n{Last}\n" },
        { "a whole as events", "text/event-stream", Whole },
        { "lines as events", "text/event-stream", $"{Piece}\n{Last}\n" },
        { "events as a whole", "application/json", Events },
        { "events as text", "text/plain", Events },
        { "events without a type", null, Events },
        { "events with a type in capitals", "Text/Event-Stream", Events },
        { "events with a mark before them", "text/event-stream", "\uFEFFdata: " + Last + "\n\n" + "data: [DONE]\n\n" },
        { "events with numbers that JSON does not have", "text/event-stream", Events.Replace("\"choices\":[]", "\"choices\":[],\"x\":NaN", StringComparison.Ordinal) },
        { "escapes", "text/event-stream", Events.Replace("usage", "\\u0075sage", StringComparison.Ordinal) },
        { "counts with fractions", "application/json", Whole.Replace("90000", "9e4", StringComparison.Ordinal).Replace("90010", "90010.0", StringComparison.Ordinal) },
        { "counts as texts", "application/json", Whole.Replace(":90000", ":\"90000\"", StringComparison.Ordinal) },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Answer_IsChargedByWhatItTells(string odd, string? type, string body)
    {
        Assert.NotEmpty(odd);
        Assert.Equal(Cost, await ChargedAsync(type, Encoding.UTF8.GetBytes(body)));
    }

    [Theory]
    [InlineData("gzip", "application/json", Whole)]
    [InlineData("br", "application/json", Whole)]
    [InlineData("deflate", "application/json", Whole)]
    [InlineData("gzip", "text/event-stream", Events)]
    public async Task AnswerIsCompressedUnasked_IsChargedByWhatItTells(string encoding, string type, string body)
    {
        using var compressed = new MemoryStream();
        await using (var encoder = Encoder(encoding, compressed))
        {
            await encoder.WriteAsync(Encoding.UTF8.GetBytes(body));
        }

        Assert.Equal(Cost, await ChargedAsync(type, compressed.ToArray(), encoding: encoding));
    }

    /// <summary>It breaks off for the client as any other answer that cannot be read, and its hold is charged.</summary>
    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task AnswerIsNotCompressedAsItSays_BreaksOff(string encoding)
    {
        await using var provider = await ScriptedProvider.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = encoding;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Whole));
        });
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address)]);
        var agent = await sidecar.AgentAsync();

        var (status, _, _) = await sidecar.AskAsync("/v1/chat/completions", agent, Chat);

        Assert.Equal(502, status);
        Assert.InRange((await sidecar.EndedAsync(agent)).Spent, 100 * 1_000, 1_000_000);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(500)]
    public async Task ErrorWithEvents_IsChargedByWhatItTells(int status) =>
        Assert.InRange(await ChargedAsync("text/event-stream", Encoding.UTF8.GetBytes(Events), status), Cost, long.MaxValue);

    [Theory]
    [InlineData(204)]
    [InlineData(205)]
    public async Task StatusWithoutABody_IsHandedOn(int status)
    {
        await using var provider = await ScriptedProvider.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address)]);

        var (answered, _, _) = await sidecar.AskAsync("/v1/chat/completions", await sidecar.AgentAsync(), Chat);

        Assert.Equal(status, answered);
    }

    private static async Task<long> ChargedAsync(string? type, byte[] body, int status = 200, string? encoding = null)
    {
        await using var provider = await ScriptedProvider.StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            context.Response.Headers.ContentEncoding = encoding;
            await context.Response.Body.WriteAsync(body);
        });
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("OPENAI_BASE_URL", provider.Address)]);
        var agent = await sidecar.AgentAsync(cents: 100_000_000);

        await sidecar.AskAsync("/v1/chat/completions", agent, Chat);

        return (await sidecar.EndedAsync(agent)).Spent;
    }

    private static Stream Encoder(string encoding, Stream into) => encoding switch
    {
        "gzip" => new GZipStream(into, CompressionLevel.Fastest, leaveOpen: true),
        "br" => new BrotliStream(into, CompressionLevel.Fastest, leaveOpen: true),
        _ => new ZLibStream(into, CompressionLevel.Fastest, leaveOpen: true),
    };
}
