#pragma warning disable MEAI001 // All clients for images and speech are experimental.

using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using OpenAI.Audio;
using SpendGuard.Budgets;
using SpendGuard.Extensions.AI.Tests.Adapters;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI.Tests;

/// <summary>A class of one's own around a client is seen below the guard, though it derives from no decorator; a fake is no such class.</summary>
public sealed class WrapperTests : IAsyncLifetime
{
    private static readonly ChatOptions Small = new() { MaxOutputTokens = 10 };

    private Guarded _guarded = null!;

    public static TheoryData<string, string> Wrappers
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var api in (string[])["chat", "responses", "messages"])
            {
                foreach (var answers in Answering.Ways)
                {
                    data.Add(api, answers);
                }
            }

            return data;
        }
    }

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(10));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [MemberData(nameof(Wrappers))]
    public async Task Wrapper_ChangesTheCall_IsRefusedAtBuildUnlessItIsAllowedByName(string api, string answers)
    {
        IChatClient Leaf() => new Wrapper(_guarded.Leaf(api).AsBuilder().UseLogging(NullLoggerFactory.Instance).Build(), answers)
            .AsBuilder().UseOpenTelemetry().Build();

        var refusal = Assert.Throws<InvalidOperationException>(() => _guarded.Guard(Leaf()));
        Assert.Contains("AllowedFeatures.Add(\"Wrapper\")", refusal.Message, StringComparison.Ordinal);

        await _guarded.Guard(Leaf(), configure: client => client.AllowedFeatures.Add("Wrapper")).GetResponseAsync("hello", Small);
        Assert.Equal("Wrapper", (await _guarded.EndAsync()).Unbounded);
        Assert.Equal(1300, Assert.Single(_guarded.Provider.Calls).MaxOutputTokens);
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("itself")]
    [InlineData("its class")]
    public void WrapperOfAnotherKind_IsRefusedAtBuild(string answers)
    {
        var audio = new AudioClient("whisper-1", "k");
        Func<object>[] builds =
        [
            () => new Embedder(_guarded.Embeddings(), answers).AsBuilder().UseSpendGuard("a", _guarded.Engine).Build(),
            () => new Painter(new OpenAI.Images.ImageClient("dall-e-3", "k").AsIImageGenerator(), answers).AsBuilder().UseSpendGuard("a", _guarded.Engine).Build(),
            () => new Listener(audio.AsISpeechToTextClient(), answers).AsBuilder().UseSpendGuard("a", _guarded.Engine).Build(),
            () => new Speaker(audio.AsITextToSpeechClient(), answers).AsBuilder().UseSpendGuard("a", _guarded.Engine).Build(),
        ];
        Assert.All(builds, build => Assert.Contains("AllowedFeatures.Add(\"", Assert.Throws<InvalidOperationException>(build).Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fake_ThatIsTheLeaf_WorksAsItIs(bool answersForItself)
    {
        var fake = new Fake(answersForItself);
        var response = await _guarded.Guard(fake).GetResponseAsync("hello", Small);

        Assert.Equal(10, fake.LastCap);
        Assert.Equal("settled", response.Get<string>(SettlementProperties.End));
        Assert.Null((await _guarded.EndAsync()).Unbounded);
    }

    /// <summary>What is to an adapter's credit is not what any class has that goes by its name.</summary>
    [Fact]
    public async Task Fake_GoesByTheNameOfAnAdapter_IsNotTrustedLikeIt()
    {
        var options = new ChatOptions { MaxOutputTokens = 10, AdditionalProperties = new() { ["n"] = 100 } };
        await Assert.ThrowsAsync<UnboundedCostException>(() => _guarded.Guard(new Fake(answersForItself: true)).GetResponseAsync("hello", options));
        await _guarded.Guard(_guarded.Completions()).GetResponseAsync("hello", options);

        var failing = new Fake(answersForItself: true) { Failure = new NotSupportedException("Nobody knows when.") };
        await Assert.ThrowsAsync<NotSupportedException>(() => _guarded.Guard(failing).GetResponseAsync("hello", Small));
        Assert.Equal(LedgerEntryKind.Forfeited, (await _guarded.EndAsync(2)).Kind);
    }

    [Fact]
    public async Task Adapter_SaysWhatIsKnownOfIt_IsTakenAtItsWord()
    {
        var known = ClientAdapter.Of("openai", assembly: null) with { SendsOnlyWhatItKnows = true, UsesHttp = true };
        var options = new ChatOptions { MaxOutputTokens = 10, AdditionalProperties = new() { ["n"] = 100 } };
        await _guarded.Guard(new Fake(answersForItself: true) { Known = known }).GetResponseAsync("hello", options);
        Assert.Equal(LedgerEntryKind.Settled, (await _guarded.EndAsync()).Kind);

        var failing = new Fake(answersForItself: true) { Known = known, Failure = new NotSupportedException("This was before anything was sent.") };
        await Assert.ThrowsAsync<NotSupportedException>(() => _guarded.Guard(failing).GetResponseAsync("hello", Small));
        Assert.Equal(LedgerEntryKind.Released, (await _guarded.EndAsync(2)).Kind);
    }

    /// <summary>The ways in which a class of one's own answers for what it is made around.</summary>
    private static class Answering
    {
        public static readonly string[] Ways = ["everything", "itself", "its class", "in turns"];

        public static object? Service<TKind>(TKind wrapper, string way, Type type, Func<Type, object?> inner)
            where TKind : class => way switch
            {
                "everything" => inner(type),
                "itself" => type.IsInstanceOfType(wrapper) ? wrapper : inner(type),
                "its class" => type == wrapper.GetType() ? wrapper : inner(type),
                _ => inner(type) ?? (type.IsInstanceOfType(wrapper) ? wrapper : null),
            };
    }

    private sealed class Wrapper(IChatClient inner, string answers) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            inner.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = options!.MaxOutputTokens * 130 }, cancellationToken);

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            inner.GetStreamingResponseAsync(messages, options, cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            Answering.Service<IChatClient>(this, answers, serviceType, type => inner.GetService(type, serviceKey));

        public void Dispose() => inner.Dispose();
    }

    private sealed class Embedder(IEmbeddingGenerator<string, Embedding<float>> inner, string answers) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            inner.GenerateAsync(values, options, cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            Answering.Service<IEmbeddingGenerator>(this, answers, serviceType, type => inner.GetService(type, serviceKey));

        public void Dispose() => inner.Dispose();
    }

    private sealed class Painter(IImageGenerator inner, string answers) : IImageGenerator
    {
        public Task<ImageGenerationResponse> GenerateAsync(
            ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            inner.GenerateAsync(request, options, cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            Answering.Service<IImageGenerator>(this, answers, serviceType, type => inner.GetService(type, serviceKey));

        public void Dispose() => inner.Dispose();
    }

    private sealed class Listener(ISpeechToTextClient inner, string answers) : ISpeechToTextClient
    {
        public Task<SpeechToTextResponse> GetTextAsync(
            Stream audioSpeechStream, SpeechToTextOptions? options = null, CancellationToken cancellationToken = default) =>
            inner.GetTextAsync(audioSpeechStream, options, cancellationToken);

        public IAsyncEnumerable<SpeechToTextResponseUpdate> GetStreamingTextAsync(
            Stream audioSpeechStream, SpeechToTextOptions? options = null, CancellationToken cancellationToken = default) =>
            inner.GetStreamingTextAsync(audioSpeechStream, options, cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            Answering.Service<ISpeechToTextClient>(this, answers, serviceType, type => inner.GetService(type, serviceKey));

        public void Dispose() => inner.Dispose();
    }

    private sealed class Speaker(ITextToSpeechClient inner, string answers) : ITextToSpeechClient
    {
        public Task<TextToSpeechResponse> GetAudioAsync(
            string text, TextToSpeechOptions? options = null, CancellationToken cancellationToken = default) =>
            inner.GetAudioAsync(text, options, cancellationToken);

        public IAsyncEnumerable<TextToSpeechResponseUpdate> GetStreamingAudioAsync(
            string text, TextToSpeechOptions? options = null, CancellationToken cancellationToken = default) =>
            inner.GetStreamingAudioAsync(text, options, cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            Answering.Service<ITextToSpeechClient>(this, answers, serviceType, type => inner.GetService(type, serviceKey));

        public void Dispose() => inner.Dispose();
    }

    /// <summary>What people test their agents with.</summary>
    private sealed class Fake(bool answersForItself) : IChatClient
    {
        public int? LastCap { get; private set; }

        public Exception? Failure { get; init; }

        public ClientAdapter? Known { get; init; }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            LastCap = options?.MaxOutputTokens;
            return Failure is not null ? Task.FromException<ChatResponse>(Failure) : Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "hi"))
            {
                Usage = new UsageDetails { InputTokenCount = 8, OutputTokenCount = 1, TotalTokenCount = 9 },
            });
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("openai", defaultModelId: "gpt-4o")
            : serviceType == typeof(ClientAdapter) ? Known
            : answersForItself && serviceType.IsInstanceOfType(this) ? this
            : null;

        public void Dispose()
        {
        }
    }
}
