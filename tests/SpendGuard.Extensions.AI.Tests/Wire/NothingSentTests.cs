using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Testing;

namespace SpendGuard.Extensions.AI.Tests.Wire;

/// <summary>A call that fails before anything is sent costs nothing; where nobody can see whether something was sent, it may have cost all.</summary>
public sealed class NothingSentTests : IAsyncLifetime
{
    private static readonly ChatOptions Small = new() { MaxOutputTokens = 100 };

    private Guarded _guarded = null!;

    public static TheoryData<string, bool> Failures
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var failure in (string[])["not supported", "missing method", "no token", "bad argument", "wrapped"])
            {
                data.Add(failure, false);
                data.Add(failure, true);
            }

            return data;
        }
    }

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(1));
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task ClientFailsBeforeItSends_IsReleased_FromTheFirstCallOn(string failure, bool stream)
    {
        var agent = Guard(Failing(() => Of(failure)));
        for (var call = 1; call <= 20; call++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => agent.AskAsync("hello world", stream, Small));
            Assert.Equal(LedgerEntryKind.Released, (await _guarded.EndAsync(call)).Kind);
        }

        Assert.Empty(_guarded.Provider.Calls);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task NameIsNotResolved_IsReleased(string api, bool stream)
    {
        using var http = new HttpClient(new Rerouted(new Uri("http://nobody.invalid")));
        var agent = _guarded.Guard(_guarded.Leaf(api, retries: 1, http: http));
        await Assert.ThrowsAnyAsync<Exception>(() => agent.AskAsync("hello world", stream, Small));

        Assert.Equal(LedgerEntryKind.Released, (await _guarded.EndAsync()).Kind);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [MemberData(nameof(Api.All), MemberType = typeof(Api))]
    public async Task NoMessages_AreForNothing(string api, bool stream)
    {
        var agent = _guarded.Guard(_guarded.Leaf(api));
        await Record.ExceptionAsync(async () =>
        {
            if (stream)
            {
                await agent.GetStreamingResponseAsync([], Small).ToChatResponseAsync();
            }
            else
            {
                await agent.GetResponseAsync([], Small);
            }
        });

        await _guarded.EndAsync();
        await _guarded.AssertPaidAsBilledAsync();
    }

    /// <summary>Once the client was seen to send, even a failure of the network before a request was one on the way to somewhere else.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task IdentityIsDown_OfAClientThatWasSeen_IsReleased(bool stream)
    {
        var isDown = false;
        var agent = Guard(Failing(() => isDown ? new IOException("The identity service is down.") : null));
        await agent.AskAsync("hello world", stream, Small);
        isDown = true;
        await Assert.ThrowsAsync<IOException>(() => agent.AskAsync("hello world", stream, Small));

        Assert.Equal(LedgerEntryKind.Released, (await _guarded.EndAsync(2)).Kind);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CancelledBeforeItSends_OfAClientThatWasSeen_IsReleased(bool stream)
    {
        using var stop = new CancellationTokenSource();
        var waits = false;
        var leaf = new Before(_guarded.Completions(), async cancellationToken =>
        {
            if (waits)
            {
                await stop.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
                throw new OperationCanceledException(stop.Token);
            }
        });
        var agent = Guard(leaf);
        await agent.AskAsync("hello world", stream, Small);
        waits = true;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => agent.AskAsync("hello world", stream, Small, stop.Token));

        Assert.Equal(LedgerEntryKind.Released, (await _guarded.EndAsync(2)).Kind);
        await _guarded.AssertPaidAsBilledAsync();
    }

    /// <summary>What is asked for a credential within the call is no attempt, and shows that a request would have been seen.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task CredentialIsAskedFor_IsNoAttempt(bool stream, bool isDown)
    {
        await using var identity = await ScriptedProvider.AnsweringAsync("{}", isDown ? 503 : 200);
        using var http = new HttpClient();
        var leaf = new Before(_guarded.Completions(), async cancellationToken =>
        {
            var address = identity.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
            using var answer = await http.PostAsync(new Uri(address + "/oauth2/token"), content: null, cancellationToken);
            answer.EnsureSuccessStatusCode();
        });
        var agent = Guard(leaf, configure: client => client.OtherHosts.Add("localhost"));
        var failure = await Record.ExceptionAsync(() => agent.AskAsync("hello world", stream, Small));

        Assert.Equal(isDown, failure is HttpRequestException);
        Assert.Equal(isDown ? LedgerEntryKind.Released : LedgerEntryKind.Settled, (await _guarded.EndAsync()).Kind);
        Assert.Single(await _guarded.LedgerAsync(), entry => entry.Kind == LedgerEntryKind.Reserved);
        await _guarded.AssertPaidAsBilledAsync();
    }

    /// <summary>A transport of one's own is not seen: the answer says so, and what fails is not taken for free.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TransportCannotBeSeen_WhatFailsIsForfeited(bool stream)
    {
        using var http = new HttpClient(new Unseen());
        var agent = _guarded.Guard(_guarded.Completions(http: http));
        await Assert.ThrowsAnyAsync<Exception>(() => agent.AskAsync("hello world", stream, Small));
        Assert.Equal(LedgerEntryKind.Forfeited, (await _guarded.EndAsync()).Kind);

        var isBroken = false;
        using var answering = new HttpClient(new Unseen { Answers = true });
        var other = Guard(new Before(
            _guarded.Completions(http: answering), _ => isBroken ? throw new NotSupportedException("What came back was not understood.") : Task.CompletedTask));
        if (!stream)
        {
            Assert.Equal(0, (await other.AskAsync("hello world", stream, Small)).Get<int>(SettlementProperties.Attempts));
            isBroken = true;
            await Assert.ThrowsAsync<NotSupportedException>(() => other.AskAsync("hello world", stream, Small));
            Assert.Equal(LedgerEntryKind.Forfeited, (await _guarded.EndAsync(3)).Kind);
        }
    }

    /// <summary>What a call has started and that lives on does not send for it any more.</summary>
    [Fact]
    public async Task CallHasEnded_NothingIsSentForIt()
    {
        ExecutionContext? flow = null;
        using var http = new HttpClient();
        var agent = Guard(new Before(_guarded.Completions(), _ =>
        {
            flow = ExecutionContext.Capture();
            return Task.CompletedTask;
        }));
        await agent.AskAsync("hello world", stream: false, Small);

        Task<HttpResponseMessage> late = null!;
        ExecutionContext.Run(flow!, _ => late = http.PostAsync(new Uri(_guarded.Provider.OpenAIEndpoint + "/chat/completions"), content: null), state: null);
        await Assert.ThrowsAsync<InvalidOperationException>(() => late);
        Assert.Single(_guarded.Provider.Calls);
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Theory]
    [InlineData("login.microsoftonline.com", true)]
    [InlineData("sts.eu-west-1.amazonaws.com", true)]
    [InlineData("oauth2.googleapis.com", true)]
    [InlineData("api.openai.com", false)]
    [InlineData("login", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("", false)]
    public void IdentityHosts_AreTold(string host, bool isOne) => Assert.Equal(isOne, IdentityHost.Is(host));

    private static Exception Of(string failure) => failure switch
    {
        "not supported" => new NotSupportedException("This content is not supported."),
        "missing method" => new MissingMethodException("Client", "Send"),
        "no token" => new InvalidOperationException("There is no credential."),
        "bad argument" => new FormatException("There is no message."),
        _ => new AggregateException(new InvalidOperationException("There is no credential.", new UnauthorizedAccessException())),
    };

    private IChatClient Guard(Before leaf, Action<GuardSettings>? configure = null) => _guarded.Guard(leaf, configure: client =>
    {
        client.AllowedFeatures.Add(nameof(Before));
        configure?.Invoke(client);
    });

    private Before Failing(Func<Exception?> failure) =>
        new(_guarded.Completions(), _ => failure() is { } exception ? Task.FromException(exception) : Task.CompletedTask);

    /// <summary>An adapter that does something within the call, before its SDK sends.</summary>
    private sealed class Before(IChatClient inner, Func<CancellationToken, Task> act) : IChatClient
    {
        public async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await act(cancellationToken);
            return await inner.GetResponseAsync(messages, options, cancellationToken);
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await act(cancellationToken);
            await foreach (var update in inner.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                yield return update;
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => inner.GetService(serviceType, serviceKey);

        public void Dispose() => inner.Dispose();
    }

    /// <summary>Sends to where nobody is.</summary>
    private sealed class Rerouted(Uri elsewhere) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(elsewhere, request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>A transport that is not .NET's.</summary>
    private sealed class Unseen : HttpMessageHandler
    {
        private const string Answer = """
            {"id":"x","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"ok"}}],"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}}
            """;

        public bool Answers { get; init; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Answers
            ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Answer, Encoding.UTF8, "application/json") })
            : throw new IOException("The line broke.");
    }
}
