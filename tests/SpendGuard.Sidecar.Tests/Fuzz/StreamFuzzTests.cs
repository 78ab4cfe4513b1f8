using System.Text;
using System.Text.RegularExpressions;
using SpendGuard.Billing;
using SpendGuard.Providers.Anthropic;
using SpendGuard.Sidecar.Calls.Relay;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Dialects.Gemini;
using SpendGuard.Sidecar.Dialects.OpenAI.Chat;
using SpendGuard.Sidecar.Dialects.OpenAI.Responses;

namespace SpendGuard.Sidecar.Tests.Fuzz;

/// <summary>
/// However a stream is damaged, it passes byte for byte, and what is read from it is no less than the provider's count, or says that it is not
/// all; and what it has once told is not forgotten.
/// </summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed partial class StreamFuzzTests
{
    private const int Rounds = 2_500;

    private static readonly string[] NonsenseUsage =
    [
        "null", "7", "\"x\"", "[]", "{}", "{\"total_tokens\":\"x\"}", "{\"prompt_tokens\":-1,\"input_tokens\":1.5,\"promptTokenCount\":null}",
        "{\"output_tokens\":null,\"completion_tokens\":\"9\"}", "{\"output_tokens\":281474976710657}", "{\"\\ud800\":1}",
    ];

    private static readonly string[] Garbage =
    [
        "data: {", "data: []", "data: null", "data: {}", "data: \"[DONE]\"", "data:", "data", ": comment", "event: x", "id: 1\nretry: 5", "{\"usage\":1}",
        "data: {\"\\ud800\":{\"usage\":1}}", "data: {\"model\":\"\\ud800\",\"modelVersion\":\"\\udc00\",\"type\":\"\\ud800\"}", "data: \u0000\u00ff",
        "data: {\"choices\":7,\"candidates\":{},\"message\":[],\"delta\":3,\"response\":\"x\",\"promptFeedback\":1}",
        "data: {\"type\":\"message_delta\",\"delta\":null}", "data: {\"type\":\"response.in_progress\",\"response\":null}", "\ufeffdata: {}",
    ];

    [Fact]
    public Task Chat() => RunAsync(
        "openai",
        new OpenAIChatDialect(OutputLimit.None),
        RequestCorpus.Chat[2],
        (12, 30),
        """data: {"model":"m","choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":null}],"usage":null}""",
        """data: {"model":"m","choices":[{"index":0,"delta":{"content":"a \"usage\""},"finish_reason":null}],"usage":null}""",
        """data: {"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}""",
        """data: {"model":"m","choices":[],"usage":{"prompt_tokens":12,"completion_tokens":30,"total_tokens":42}}""",
        "data: [DONE]");

    [Fact]
    public Task ChatWithRunningCounts() => RunAsync(
        "grok",
        new OpenAIChatDialect(OutputLimit.None),
        RequestCorpus.Chat[9],
        (12, 30),
        """data: {"model":"grok-4","choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":12,"completion_tokens":1,"total_tokens":13}}""",
        """data: {"model":"grok-4","choices":[{"index":0,"delta":{"content":"b"}}],"usage":{"prompt_tokens":12,"completion_tokens":2,"total_tokens":14}}""",
        """data: {"model":"grok-4","choices":[{"index":0,"delta":{"content":"c"}}],"usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}}""",
        """data: {"model":"grok-4","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":30,"total_tokens":42}}""",
        "data: [DONE]");

    [Fact]
    public Task Responses() => RunAsync(
        "openai",
        new OpenAIResponsesDialect(OutputLimit.None),
        RequestCorpus.Responses[1],
        (12, 30),
        "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"model\":\"m\",\"usage\":null}}",
        "event: response.in_progress\ndata: {\"type\":\"response.in_progress\",\"response\":{\"model\":\"m\",\"usage\":{\"input_tokens\":12,\"output_tokens\":1}}}",
        "data: {\"type\":\"response.output_text.delta\",\"delta\":\"\\\"response\\\"\"}",
        "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"model\":\"m\",\"usage\":{\"input_tokens\":12,\"output_tokens\":30,\"total_tokens\":42}}}");

    [Fact]
    public Task Anthropic() => RunAsync(
        "anthropic",
        new AnthropicMessagesDialect(),
        RequestCorpus.Anthropic[0],
        (112, 30),
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"m\",\"usage\":{\"input_tokens\":12,\"cache_read_input_tokens\":100,\"output_tokens\":1}}}",
        "event: ping\ndata: {\"type\":\"ping\"}",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"\\\"message_stop\\\"\"}}",
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":null},\"usage\":{\"output_tokens\":5}}",
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":30}}",
        "event: message_stop\ndata: {\"type\":\"message_stop\"}");

    [Fact]
    public Task Gemini() => RunAsync(
        "gemini",
        new GeminiDialect(),
        RequestCorpus.Gemini[0],
        (12, 30),
        """data: {"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":1,"totalTokenCount":13},"modelVersion":"m"}""",
        """data: {"candidates":[{"content":{"parts":[{"text":"b"}]}}],"usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":2,"totalTokenCount":14},"modelVersion":"m"}""",
        """data: {"candidates":[{"content":{},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":20,"thoughtsTokenCount":10,"totalTokenCount":42},"modelVersion":"m"}""");

    private static async Task RunAsync(string provider, IDialect dialect, string request, (long Input, long Output) billed, params string[] stream)
    {
        await using var budget = await FuzzedBudget.OpenAsync();
        var undamaged = await budget.ReserveAsync(provider, dialect, request);
        var whole = await ReadAsync(dialect.ReadEvents(undamaged), [Encoding.UTF8.GetBytes(string.Join("\n\n", stream))]);
        Assert.Equal(billed, (whole.Usage!.TotalInput, whole.Usage.TotalOutput));
        var cost = (await FuzzedBudget.EndAsync(undamaged, whole)).Charged;
        await FuzzRounds.RunInParallelAsync(Rounds, async mutator =>
        {
            var bytes = Encoding.UTF8.GetBytes(mutator.Say(Damage(mutator, stream)));

            // Cut short, but not changed: changed digits may be a smaller count that nobody can tell from a true one.
            bytes = mutator.OneIn(4) ? bytes[..mutator.Next(bytes.Length + 1)] : bytes;
            var call = await budget.ReserveAsync(provider, dialect, request);
            var served = await ReadAsync(dialect.ReadEvents(call), Pieces(mutator, bytes));
            var usage = served.Usage;

            // A part that is said to be no more than that may be less: what is charged, below, is not.
            Assert.True(
                usage is null || served.Incomplete is not null || (usage.TotalInput >= billed.Input && usage.TotalOutput >= billed.Output),
                $"{usage?.TotalInput} and {usage?.TotalOutput} tokens are less than {billed}.");

            var settled = await FuzzedBudget.EndAsync(call, served);
            Assert.True(settled.Charged >= cost, $"{settled.Charged} is less than the {cost} that was billed.");
        });

        await budget.AssertNothingIsHeldAsync();
    }

    [Fact]
    public Task Bytes_OfAnyKind_ThrowNothing() => FuzzRounds.RunInParallelAsync(Rounds, async mutator =>
    {
        var body = mutator.Mutate(mutator.Any(AnswerCorpus.All));
        var bytes = mutator.Say(mutator.MutateBytes([.. "data: "u8, .. body, .. "\r\n\r\ndata: [DONE]\n\n"u8]));
        foreach (var reader in (IEventReader[])
            [new OpenAIChatEvents("grok", false), new OpenAIResponsesEvents("openai"), new AnthropicEvents(new AnthropicMessageReader(longCacheWrites: true)), new GeminiEvents()])
        {
            AnswerCorpus.AssertCounts((await ReadAsync(reader, Pieces(mutator, bytes))).Usage);
        }
    });

    /// <summary>Events dropped, repeated, moved, with garbage among them, with usage that is none, and with line ends of all kinds.</summary>
    private static string Damage(Mutator mutator, string[] stream)
    {
        var events = stream.ToList();
        for (var changes = mutator.Next(5); changes > 0 && events.Count > 0; changes--)
        {
            var at = mutator.Next(events.Count);
            var one = events[at];
            switch (mutator.Next(6))
            {
                case 0:
                    events.RemoveAt(at);
                    break;
                case 1:
                    events.Insert(mutator.Next(events.Count + 1), one);
                    break;
                case 2:
                    events.RemoveAt(at);
                    events.Insert(mutator.Next(events.Count + 1), one);
                    break;
                case 3:
                    events.Insert(at, mutator.Any(Garbage));
                    break;
                default:
                    events[at] = UsageObject().Replace(one, match => match.Groups["name"].Value + mutator.Any(NonsenseUsage));
                    break;
            }
        }

        var text = new StringBuilder();
        foreach (var one in events)
        {
            var end = mutator.Any(["\n", "\r\n", "\r"]);
            text.Append(one.Replace("\n", end, StringComparison.Ordinal)).Append(end).Append(mutator.OneIn(8) ? mutator.Any(["\n", "\r\n", "\r"]) + "\n" : end);
        }

        return text.ToString();
    }

    private static List<byte[]> Pieces(Mutator mutator, byte[] bytes)
    {
        var pieces = new List<byte[]>();
        for (var at = 0; at < bytes.Length; at += pieces[^1].Length)
        {
            pieces.Add([.. bytes.Skip(at).Take(1 + mutator.Next(mutator.Any([1, 8, 400])))]);
        }

        return pieces;
    }

    private static async Task<ProviderReport> ReadAsync(IEventReader reader, IReadOnlyList<byte[]> pieces)
    {
        using var body = new PieceStream(pieces);
        var passed = new List<byte>();
        long known = 0;
        await foreach (var one in EventSplitter.SplitAsync(body, CancellationToken.None))
        {
            passed.AddRange(one.Span);
            var fate = reader.Observe(EventData.Of(one.Span));

            // What was told of the output is known from then on, whatever comes later, and be it no more than a part.
            var output = reader.Report.Usage?.TotalOutput ?? 0;
            Assert.True(output >= known, $"Of the output, {known} tokens were known and then only {output}.");
            known = output;
            if (fate == EventFate.PassAfterSettling)
            {
                // The relay settles here, by what is known by now.
                return reader.Report;
            }
        }

        Assert.Equal(pieces.SelectMany(piece => piece), passed);
        return reader.Report;
    }

    [GeneratedRegex("""(?<name>"usage(Metadata)?":)\{[^{}]*\}""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex UsageObject();

    /// <summary>Gives one piece for each read, as a network does.</summary>
    private sealed class PieceStream(IReadOnlyList<byte[]> pieces) : MemoryStream([.. pieces.SelectMany(piece => piece)])
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(_next < pieces.Count ? buffer[..Math.Min(buffer.Length, pieces[_next++].Length)] : buffer, cancellationToken);
    }
}
