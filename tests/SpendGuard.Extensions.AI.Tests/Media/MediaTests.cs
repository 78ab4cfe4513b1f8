#pragma warning disable MEAI001, OPENAI001 // All clients for images and speech are experimental.

using System.ClientModel;
using System.ClientModel.Primitives;
using System.Drawing;
using System.Text;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Audio;
using OpenAI.Images;
using ImageGenerationOptions = Microsoft.Extensions.AI.ImageGenerationOptions;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;

namespace SpendGuard.Extensions.AI.Tests.Media;

/// <summary>Images and speech, over the real adapters: held, settled as billed, and refused where price or bound are missing.</summary>
public sealed class MediaTests : IAsyncLifetime
{
    private MediaProvider _provider = null!;
    private SpendGuardEngine _guard = null!;

    private OpenAIClientOptions Options => new() { Endpoint = _provider.Endpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) };

    public async Task InitializeAsync()
    {
        _provider = await MediaProvider.StartAsync();
        _guard = new SpendGuardEngine(new InMemoryBudgetStore(), new Prices(PriceBook.Parse(Prices(), "the tests")));
        await _guard.SetBudgetAsync("a", Money.FromDollars(10));
    }

    public async Task DisposeAsync()
    {
        await _provider.DisposeAsync();
        await _guard.DisposeAsync();
    }

    [Theory]
    [InlineData("dall-e-3", 1024, 1, 4_000_000)]
    [InlineData("dall-e-3", 1024, 3, 12_000_000)]
    [InlineData("dall-e-3", 1792, 2, 24_000_000)]
    [InlineData("dall-e-3", null, 1, 12_000_000)]
    [InlineData("gpt-image-2", 1024, 2, 2 * 4_096 * 3_000)]
    public async Task Images_AreHeldByTheirNumberAndSize_AndPaidAsBilled(string model, int? size, int count, long atLeast)
    {
        var held = WatchHold();
        var options = new ImageGenerationOptions { Count = count, ImageSize = size is { } side ? new Size(side, 1024) : null };
        var response = await Images(model).GenerateAsync(new ImageGenerationRequest("a jar"), options);

        Assert.Equal(count, response.Contents.Count);
        Assert.InRange(held().Microcents, Math.Max(atLeast, _provider.Bill), atLeast + (100 * 500));
        Assert.Equal(_provider.Bill, response.Contents[^1].AdditionalProperties![SettlementProperties.ChargedMicrocents]);
        await AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task Images_BilledByTokensThatAreNotTold_ForfeitTheHold()
    {
        var held = WatchHold();
        _provider.OmitUsage = true;
        await Images("gpt-image-2").GenerateAsync(new ImageGenerationRequest("a jar"));

        Assert.Equal(held(), (await _guard.FindBudgetAsync("a"))!.Spent);
    }

    [Fact]
    public async Task Images_OfAModelWithoutFeeOrBound_AreRefused()
    {
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(
            () => Images("gpt-image-unbounded").GenerateAsync(new ImageGenerationRequest("a jar")));
        Assert.Contains("image_cents_per_image", refusal.Message, StringComparison.Ordinal);

        await Assert.ThrowsAsync<UnknownModelException>(() => Images("gpt-image-9").GenerateAsync(new ImageGenerationRequest("a jar")));
        await AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Images_ThatNoBoundIsKnownFor_AreRefusedByName()
    {
        var generator = Images("gpt-image-2");
        var cases = new Dictionary<string, (ImageGenerationRequest Request, ImageGenerationOptions Options)>(StringComparer.Ordinal)
        {
            ["OriginalImages"] = (new("a jar", [new DataContent(new byte[] { 1 }, "image/png")]), new()),
            ["StreamingCount"] = (new("a jar"), new() { StreamingCount = 2 }),
            ["RawRepresentationFactory"] = (new("a jar"), new() { RawRepresentationFactory = _ => new OpenAI.Images.ImageGenerationOptions() }),
            ["ModelId"] = (new("a jar"), new() { ModelId = "dall-e-3" }),
        };
        foreach (var (feature, (request, options)) in cases)
        {
            var refusal = await Assert.ThrowsAsync<UnboundedCostException>(() => generator.GenerateAsync(request, options));
            Assert.Equal(feature, refusal.Feature);
        }

        await AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Images_BudgetIsTooSmall_AreRefusedUnsent()
    {
        await _guard.SetBudgetAsync("poor", Money.FromCents(4));
        var generator = new ImageClient("dall-e-3", new ApiKeyCredential("k"), Options).AsIImageGenerator().AsBuilder()
            .UseSpendGuard("poor", _guard).Build();
        await Assert.ThrowsAsync<InsufficientBudgetException>(() => generator.GenerateAsync(new ImageGenerationRequest("a jar")));

        Assert.Equal(0, _provider.Calls);
    }

    [Theory]
    [InlineData("whisper-1", false)]
    [InlineData("gpt-4o-transcribe", false)]
    [InlineData("gpt-4o-transcribe", true)]
    public async Task Transcription_IsPaidAsBilled(string model, bool stream)
    {
        var held = WatchHold();
        var told = await ListenAsync(Listener(model, TimeSpan.FromMinutes(1)), "12.3", stream);

        Assert.InRange(_provider.Bill, 1, held().Microcents);
        Assert.Equal(_provider.Bill, told[SettlementProperties.ChargedMicrocents]);
        await AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task Transcription_ByTheSecondWithoutALongest_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(() => ListenAsync(Listener("whisper-1", longest: null), "12"));

        Assert.Contains("MaxAudioDuration", refusal.Message, StringComparison.Ordinal);
        await AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData(Timeout.Infinite)]
    [InlineData(0)]
    public async Task Transcription_ByTheSecondWithALongestOfNothing_IsRefused(int milliseconds)
    {
        // Nothing would be held for it.
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => ListenAsync(Listener("whisper-1", TimeSpan.FromMilliseconds(milliseconds)), "12"));

        await AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Transcription_IsLongerThanStated_IsPaidInFull()
    {
        await ListenAsync(Listener("whisper-1", TimeSpan.FromSeconds(10)), "60");

        Assert.Equal(600_000, _provider.Bill);
        await AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData("whisper-1")]
    [InlineData("gpt-4o-transcribe")]
    public async Task Transcription_UsageIsNotTold_ForfeitsTheHold(string model)
    {
        var held = WatchHold();
        _provider.OmitUsage = true;
        var notVerbose = new AudioClient(model, new ApiKeyCredential("k"), Options).AsISpeechToTextClient();
        await ListenAsync(Guard(notVerbose, TimeSpan.FromMinutes(1)), "12");

        Assert.Equal(held(), (await _guard.FindBudgetAsync("a"))!.Spent);
    }

    [Fact]
    public async Task Transcription_ModelHasNoBound_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(
            () => ListenAsync(Listener("gpt-audio-unbounded", TimeSpan.FromMinutes(1)), "12"));

        Assert.Contains("audio_cents_per_second", refusal.Message, StringComparison.Ordinal);
        await AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData("tts-1", false, "Wie geht es?")]
    [InlineData("tts-1", false, "おはよう")]
    [InlineData("gpt-4o-mini-tts", true, "Wie geht es?")]
    public async Task Speech_IsPaidAsBilled(string model, bool stream, string text)
    {
        var held = WatchHold();
        var told = await SpeakAsync(Speaker(model), text, stream);

        Assert.InRange(_provider.Bill, 1, held().Microcents);
        Assert.Equal(_provider.Bill, told[SettlementProperties.ChargedMicrocents]);
        await AssertPaidAsBilledAsync();
    }

    /// <summary>Without streaming, the answer is sound and nothing else.</summary>
    [Fact]
    public async Task Speech_ByTokensThatAreNotTold_ForfeitsTheHold()
    {
        var held = WatchHold();
        await SpeakAsync(Speaker("gpt-4o-mini-tts"), "hello");

        Assert.Equal(held(), (await _guard.FindBudgetAsync("a"))!.Spent);
    }

    [Fact]
    public async Task Speech_ModelHasNoBound_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(() => SpeakAsync(Speaker("gpt-audio-unbounded"), "hello"));

        Assert.Contains("speech_cents_per_1m_characters", refusal.Message, StringComparison.Ordinal);
        await AssertNothingHappenedAsync();
    }

    [Fact]
    public void Build_IsThereTwice_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => Images("dall-e-3").AsBuilder().UseSpendGuard("a", _guard).Build());
        Assert.Throws<InvalidOperationException>(() => Listener("whisper-1", null).AsBuilder().UseSpendGuard("a", _guard).Build());
        Assert.Throws<InvalidOperationException>(() => Speaker("tts-1").AsBuilder().UseSpendGuard("a", _guard).Build());
    }

    private static byte[] Prices() => Encoding.UTF8.GetBytes("""
        {"schema_version":"1","generated_at":"2026-11-23T00:00:00Z","rates":{"openai":{
          "dall-e-3": {"input_cents_per_1m":0,"output_cents_per_1m":0,"image_cents_per_image":12},
          "dall-e-3/1024x1024": {"input_cents_per_1m":0,"output_cents_per_1m":0,"image_cents_per_image":4},
          "gpt-image-2": {"input_cents_per_1m":500,"output_cents_per_1m":3000,"max_output_tokens":4096},
          "gpt-image-unbounded": {"input_cents_per_1m":500,"output_cents_per_1m":3000},
          "whisper-1": {"input_cents_per_1m":0,"output_cents_per_1m":0,"audio_cents_per_second":0.01},
          "gpt-4o-transcribe": {"input_cents_per_1m":250,"output_cents_per_1m":1000,"audio_input_cents_per_1m":600,"max_input_tokens":16000,"max_output_tokens":2000},
          "gpt-audio-unbounded": {"input_cents_per_1m":250,"output_cents_per_1m":1000},
          "tts-1": {"input_cents_per_1m":0,"output_cents_per_1m":0,"speech_cents_per_1m_characters":1500},
          "gpt-4o-mini-tts": {"input_cents_per_1m":60,"output_cents_per_1m":1200,"max_output_tokens":2000}}}}
        """);

    private IImageGenerator Images(string model) => new ImageClient(model, new ApiKeyCredential("k"), Options).AsIImageGenerator()
        .AsBuilder().UseSpendGuard("a", _guard).Build();

    private ISpeechToTextClient Listener(string model, TimeSpan? longest)
    {
        var inner = new AudioClient(model, new ApiKeyCredential("k"), Options).AsISpeechToTextClient();
        Func<long, object?>? verbose = model == "whisper-1"
            ? _ => new AudioTranscriptionOptions { ResponseFormat = AudioTranscriptionFormat.Verbose }
            : null;
        return Guard(inner, longest, verbose);
    }

    private ISpeechToTextClient Guard(ISpeechToTextClient inner, TimeSpan? longest, Func<long, object?>? raw = null) => inner.AsBuilder()
        .UseSpendGuard("a", _guard, client => (client.MaxAudioDuration, client.RawOptions) = (longest, raw)).Build();

    private ITextToSpeechClient Speaker(string model) => new AudioClient(model, new ApiKeyCredential("k"), Options).AsITextToSpeechClient()
        .AsBuilder().UseSpendGuard("a", _guard).Build();

    private static async Task<AdditionalPropertiesDictionary> ListenAsync(ISpeechToTextClient client, string seconds, bool stream = false)
    {
        using var audio = new MemoryStream(Encoding.ASCII.GetBytes(seconds));
        return stream
            ? (await client.GetStreamingTextAsync(audio).ToListAsync())[^1].AdditionalProperties!
            : (await client.GetTextAsync(audio)).AdditionalProperties!;
    }

    private static async Task<AdditionalPropertiesDictionary> SpeakAsync(ITextToSpeechClient client, string text, bool stream = false) => stream
        ? (await client.GetStreamingAudioAsync(text).ToListAsync())[^1].AdditionalProperties!
        : (await client.GetAudioAsync(text)).AdditionalProperties!;

    /// <summary>What is held when the call arrives at the provider.</summary>
    private Func<Money> WatchHold()
    {
        var held = Money.Zero;
        _provider.OnArrival = async () => held = (await _guard.FindBudgetAsync("a"))!.Held;
        return () => held;
    }

    private async Task AssertPaidAsBilledAsync()
    {
        var budget = (await _guard.FindBudgetAsync("a"))!;
        Assert.Equal((_provider.Bill, Money.Zero), (budget.Spent.Microcents, budget.Held));
    }

    private async Task AssertNothingHappenedAsync()
    {
        Assert.Equal(0, _provider.Calls);
        Assert.DoesNotContain(await _guard.ReadLedgerAsync().ToListAsync(), entry => entry.Kind != LedgerEntryKind.BudgetSet);
    }
}
