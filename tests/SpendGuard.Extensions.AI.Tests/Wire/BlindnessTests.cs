using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using OpenAI;
using OpenAI.Chat;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace SpendGuard.Extensions.AI.Tests.Wire;

/// <summary>A client whose requests cannot be seen has retries that nothing is held for: that is said, once for each client.</summary>
public sealed class BlindnessTests : IAsyncLifetime
{
    private readonly RecordedLog _log = new();
    private LoggerFactory _loggers = null!;
    private SpendGuardEngine _engine = null!;

    public async Task InitializeAsync()
    {
        _loggers = new LoggerFactory([_log]);
        _engine = new SpendGuardEngine(
            new InMemoryBudgetStore(), new Prices(PriceBook.LoadBundled()), logger: _loggers.CreateLogger<SpendGuardEngine>());
        await _engine.SetBudgetAsync("a", Money.FromDollars(5));
    }

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        _loggers.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Transport_OfOnesOwn_IsWarnedOfOnceForEachClient(bool stream)
    {
        using var http = new HttpClient(new Answering());
        var one = Guard(http);
        var other = Guard(http);

        await one.AskAsync("hello", stream);
        await one.AskAsync("hello", stream);
        Assert.StartsWith("What the client of openai sends cannot be seen", Assert.Single(_log.At(LogLevel.Warning)), StringComparison.Ordinal);

        await other.AskAsync("hello", stream);
        Assert.Equal(2, _log.At(LogLevel.Warning).Count);
    }

    /// <summary>What never sends by HTTP, such as a fake or a model in this process, has no retries on the wire.</summary>
    [Fact]
    public async Task Client_ThatIsNoAdapter_IsNotWarnedOf()
    {
        using var fake = new Fake();
        await fake.AsBuilder().UseSpendGuard("a", _engine).Build().GetResponseAsync("hello", new ChatOptions { MaxOutputTokens = 10 });

        Assert.Empty(_log.At(LogLevel.Warning));
    }

    private IChatClient Guard(HttpClient http) => new ChatClient("gpt-4o", new ApiKeyCredential("test-key"), new OpenAIClientOptions
    {
        Transport = new HttpClientPipelineTransport(http),
        RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
    }).AsIChatClient().AsBuilder().UseSpendGuard("a", _engine).Build();

    private sealed class Answering : HttpMessageHandler
    {
        private const string Whole = """
            {"id":"x","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"ok"}}],"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}}
            """;

        private const string Streamed = """
            data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[{"index":0,"finish_reason":"stop","delta":{"role":"assistant","content":"ok"}}]}

            data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}}

            data: [DONE]


            """;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var stream = (await request.Content!.ReadAsStringAsync(cancellationToken)).Contains("\"stream\":true", StringComparison.Ordinal);
            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(stream ? Streamed : Whole, Encoding.UTF8, stream ? "text/event-stream" : "application/json"),
            };
        }
    }

    private sealed class Fake : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "ok"))
            {
                Usage = new UsageDetails { InputTokenCount = 9, OutputTokenCount = 1, TotalTokenCount = 10 },
            });

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("openai", defaultModelId: "gpt-4o") : serviceType.IsInstanceOfType(this) ? this : null;

        public void Dispose()
        {
        }
    }
}
