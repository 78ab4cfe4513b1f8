#pragma warning disable MEAI001 // All clients for images and speech are experimental.

using System.Text;
using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Extensions.AI.Tests.Adapters;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Extensions.AI.Tests.Media;

/// <summary>
/// Usage of images and speech as adapters hand it on: the budget loses what the provider bills, and no less than the hold and what is known
/// where that is not told.
/// </summary>
public sealed class MediaUsageShapeTests : IAsyncDisposable
{
    private const string Images = "images", Listens = "listens", Speaks = "speaks";

    private readonly InMemoryBudgetStore _store = new();
    private readonly SpendGuardEngine _engine;

    public MediaUsageShapeTests() => _engine = new SpendGuardEngine(_store, new Prices(PriceBook.Parse(Encoding.UTF8.GetBytes("""
        {"schema_version":"1","generated_at":"2026-11-23T00:00:00Z","rates":{"openai":{
          "images-per-piece": {"input_cents_per_1m":0,"output_cents_per_1m":0,"image_cents_per_image":4},
          "images": {"input_cents_per_1m":500,"output_cents_per_1m":3000,"cached_input_cents_per_1m":50,"max_output_tokens":4096},
          "listens": {"input_cents_per_1m":250,"output_cents_per_1m":1000,"audio_input_cents_per_1m":600,"cached_input_cents_per_1m":50,"max_input_tokens":16000,"max_output_tokens":2000},
          "speaks": {"input_cents_per_1m":60,"output_cents_per_1m":1200,"cached_input_cents_per_1m":50,"max_output_tokens":2000},
          "speaks-with-a-price-for-sound": {"input_cents_per_1m":60,"output_cents_per_1m":200,"audio_output_cents_per_1m":1200,"max_output_tokens":2000}}}}
        """), "the tests")));

    /// <summary>What the counts are, and which input, cached input and output is billed; null where that is not told.</summary>
    private static readonly (string Name, UsageDetails Told, (long Input, long Cached, long Output)? Billed)[] Plain =
    [
        ("whole", Details(100, 50, 150), (100, 0, 50)),
        ("without a total", Details(100, 50, null), (100, 0, 50)),
        ("a total of more", Details(100, 50, 180), (100, 0, 80)),
        ("from a cache", Details(100, 50, 150, cached: 40), (60, 40, 50)),
        ("from a cache, beside the input", Details(100, 50, 3_150, more: ("CacheReadInputTokens", 3_000)), (100, 3_000, 50)),
        ("from a cache, beside the input and the total", Details(100, 50, 150, more: ("cache_read_input_tokens", 3_000)), (100, 3_000, 50)),
        ("from a cache, by another name", Details(100, 50, 150, more: ("InputTokenDetails.CachedTokenCount", 40)), (60, 40, 50)),
        ("times", Details(100, 50, 150, more: ("total_duration", 7)), (100, 0, 50)),
        ("no input", Details(0, 50, 50), null),
        ("no input at all", Details(null, 50, null), null),
        ("no output", Details(100, 0, 100), null),
        ("no output at all", Details(100, null, null), null),
        ("less than none", Details(-1, 50, 49), null),
        ("a number that nobody knows", Details(100, 50, 150, more: ("billing_units", 1)), null),
        ("all zero", Details(0, 0, 0), null),
    ];

    public static TheoryData<string, string, UsageDetails?, long?> Shapes
    {
        get
        {
            var shapes = new TheoryData<string, string, UsageDetails?, long?>();
            foreach (var (name, told, billed) in Plain)
            {
                shapes.Add(Images, name, told, billed is { } image ? (image.Input * 500) + (image.Cached * 50) + (image.Output * 3_000) : null);
                shapes.Add(Listens, name, told, billed is { } text ? (text.Input * 600) + (text.Cached * 50) + (text.Output * 1_000) : null);
                shapes.Add(Speaks, name, told, billed is { } sound ? (sound.Input * 60) + (sound.Cached * 50) + (sound.Output * 1_200) : null);
            }

            foreach (var api in (string[])[Images, Listens, Speaks])
            {
                shapes.Add(api, "not at all", null, null);
            }

            // Of what was heard, all that is not told to be text is audio, whatever else is said.
            shapes.Add(Listens, "text and audio", Details(100, 50, 150, text: 20, audio: 80), (20 * 250) + (80 * 600) + (50 * 1_000));
            shapes.Add(Listens, "text", Details(100, 50, 150, text: 20), (20 * 250) + (80 * 600) + (50 * 1_000));
            shapes.Add(Listens, "audio", Details(100, 50, 150, audio: 80), (20 * 250) + (80 * 600) + (50 * 1_000));
            shapes.Add(Listens, "audio, by another name", Details(100, 50, 150, more: ("InputTokenDetails.AudioTokenCount", 80)), (20 * 250) + (80 * 600) + (50 * 1_000));
            shapes.Add(Listens, "no audio", Details(100, 50, 150, audio: 0), (100 * 600) + (50 * 1_000));
            shapes.Add(Listens, "less than the whole", Details(100, 50, 150, text: 20, audio: 30), (20 * 250) + (80 * 600) + (50 * 1_000));
            shapes.Add(Listens, "more audio than input", Details(100, 50, 150, audio: 130), (100 * 250) + (130 * 600) + (50 * 1_000));

            // What is spoken is the output, whether or not it has a price of its own.
            shapes.Add(Speaks, "sound", Details(100, 50, 150, sound: 50), (100 * 60) + (50 * 1_200));
            shapes.Add(Speaks, "sound, by another name", Details(100, 50, 150, more: ("OutputTokenDetails.AudioTokenCount", 50)), (100 * 60) + (50 * 1_200));
            shapes.Add("speaks-with-a-price-for-sound", "sound", Details(100, 50, 150, sound: 50), (100 * 60) + (50 * 1_200));
            shapes.Add("speaks-with-a-price-for-sound", "output", Details(100, 50, 150), (100 * 60) + (50 * 1_200));
            shapes.Add("images-per-piece", "nothing", null, 4_000_000);
            shapes.Add("images-per-piece", "all zero", Details(0, 0, 0), 4_000_000);

            // What is known is booked, whatever else is not.
            shapes.Add(Images, "more than the hold, and not all", Details(100, 90_000, 90_100, more: ("billing_units", 1)), (100 * 500) + (90_000 * 3_000));
            shapes.Add(Speaks, "more than the hold, and not all", Details(100, 90_000, 90_100, more: ("billing_units", 1)), (100 * 60) + (90_000 * 1_200));
            return shapes;
        }
    }

    /// <summary>The pieces of a stream, and the output that is billed; null where that is not told.</summary>
    private static readonly (string Name, bool Breaks, Func<AIContent, (AIContent[], bool)[]> Pieces, long? Output)[] Streams =
    [
        ("at the end", false, piece => [([piece], false), ([Usage(50)], false)], 50),
        ("cumulatively", false, piece => [([piece, Usage(20)], false), ([piece, Usage(50)], false)], 50),
        ("twice", false, piece => [([piece, Usage(50)], false), ([Usage(50)], true)], 50),
        ("in parts", false, piece => [([new UsageContent(Details(100, 0, 100))], false), ([piece], false), ([new UsageContent(Details(0, 50, 50))], false)], 50),
        ("before more of the answer", false, piece => [([Usage(50)], false), ([piece], false)], null),
        ("before it breaks", true, piece => [([piece], false), ([Usage(50)], false)], null),
        ("at its close, and then it breaks", true, piece => [([piece], false), ([Usage(50)], true)], 50),
        ("before it breaks, more than the hold", true, piece => [([piece], false), ([Usage(90_000)], false)], 90_000),
        ("not at all", false, piece => [([piece], false)], null),
    ];

    public static IEnumerable<object[]> Streamed =>
        Streams.SelectMany(stream => (string[])[Listens, Speaks], (stream, api) => new object[] { api, stream.Name });

    public async ValueTask DisposeAsync() => await _engine.DisposeAsync();

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task UsageOfAnAdapter_IsChargedAsBilled(string model, string _, UsageDetails? told, long? billed)
    {
        await SendAsync(model, stream: false, breaks: false, told is null ? ([Piece(model)], false) : ([Piece(model), new UsageContent(told)], false));

        await AssertChargedAsync(billed, isKnown: told?.AdditionalCounts?.ContainsKey("billing_units") != true);
    }

    [Theory]
    [MemberData(nameof(Streamed))]
    public async Task UsageInAStream_IsChargedAsBilled(string api, string name)
    {
        var (_, breaks, pieces, output) = Streams.Single(stream => stream.Name == name);
        var failure = await Record.ExceptionAsync(() => SendAsync(api, stream: true, breaks, pieces(Piece(api))));

        Assert.Equal(breaks, failure is IOException);
        await AssertChargedAsync(
            output is null ? null : (100 * (api == Listens ? 600 : 60)) + (output * (api == Listens ? 1_000 : 1_200)), isKnown: output != 90_000);
    }

    private static AIContent Piece(string model) =>
        model.StartsWith(Listens, StringComparison.Ordinal) ? new TextContent("ok") : new DataContent("made"u8.ToArray(), "audio/mpeg");

    private static UsageContent Usage(int output) => new(Details(100, output, 100 + output));

    private static UsageDetails Details(
        long? input, long? output, long? total, long? cached = null, long? text = null, long? audio = null, long? sound = null, (string Name, long Count)? more = null) => new()
    {
        InputTokenCount = input,
        OutputTokenCount = output,
        TotalTokenCount = total,
        CachedInputTokenCount = cached,
        InputTextTokenCount = text,
        InputAudioTokenCount = audio,
        OutputAudioTokenCount = sound,
        AdditionalCounts = more is { } count ? new() { [count.Name] = count.Count } : null,
    };

    private async Task SendAsync(string model, bool stream, bool breaks, params (AIContent[] Contents, bool Closes)[] pieces)
    {
        await _engine.SetBudgetAsync("a", Money.FromDollars(1_000));
        using var shaped = new ShapedMedia(model, breaks, pieces);
        using var audio = new MemoryStream([1]);
        switch (model[0])
        {
            case 'i':
                await new SpendGuardImageGenerator(shaped, "a", _engine).GenerateAsync(new ImageGenerationRequest("a jar"));
                break;
            case 'l' when stream:
                await new SpendGuardSpeechToTextClient(shaped, "a", _engine).GetStreamingTextAsync(audio).ToListAsync();
                break;
            case 'l':
                await new SpendGuardSpeechToTextClient(shaped, "a", _engine).GetTextAsync(audio);
                break;
            case var _ when stream:
                await new SpendGuardTextToSpeechClient(shaped, "a", _engine).GetStreamingAudioAsync("a jar").ToListAsync();
                break;
            default:
                await new SpendGuardTextToSpeechClient(shaped, "a", _engine).GetAudioAsync("a jar");
                break;
        }
    }

    private async Task AssertChargedAsync(long? billed, bool isKnown)
    {
        var ledger = await _store.ReadLedgerAsync(0, "a", int.MaxValue, default);
        var held = ledger.Single(entry => entry.Kind == LedgerEntryKind.Reserved).Amount.Microcents;
        var end = ledger[^1];
        Assert.Equal(
            (billed is null || !isKnown ? LedgerEntryKind.Forfeited : LedgerEntryKind.Settled, billed ?? held), (end.Kind, end.Amount.Microcents));
        Assert.True(held > 0);
    }
}
